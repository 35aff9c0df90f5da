import { UnstyledButton } from "@mantine/core";
import { memo } from "react";

import type { Event } from "../../api/event";
import { ActionBadge } from "../../look/ActionBadge";
import { actionLook } from "../../look/actions";
import { Plain } from "../../parts/Plain";
import { When } from "../../time/When";
import { t } from "../../texts";
import classes from "./Live.module.css";

interface LiveRowProps {
  event: Event;
  onOpen: (event: Event) => void;
}

/** One event of the feed in one line. */
export const LiveRow = memo(function LiveRow({ event, onOpen }: LiveRowProps) {
  const { colour } = actionLook(event.action);
  const { city, country } = event.enrich;
  const place = [city, country].filter((part) => part !== null).join(", ");
  return (
    <UnstyledButton
      className={classes.row}
      style={{ "--row-colour": colour }}
      data-row
      onClick={() => {
        onOpen(event);
      }}
    >
      <span className={`${classes.cell ?? ""} ${classes.time ?? ""}`}>
        <When at={event.timestamp} kind="short" />
      </span>
      <span className={`${classes.cell ?? ""} ${classes.action ?? ""}`}>
        <ActionBadge action={event.action} status={event.status} plain />
      </span>
      <span className={`${classes.cell ?? ""} ${classes.who ?? ""}`}>
        <Plain text={event.user_email ?? event.user_id} none={t.event.noUser} />
      </span>
      <span className={`${classes.cell ?? ""} ${classes.what ?? ""}`}>
        <span className="tk-dim">
          <Plain text={event.resource_type} />
        </span>{" "}
        <Plain text={event.resource_name ?? event.resource_id} none="" />
      </span>
      <span className={`${classes.cell ?? ""} ${classes.where ?? ""} tk-dim`}>
        <Plain text={event.ip_address} none="" /> <Plain text={place} none="" />
      </span>
      <span className={classes.how}>{event.source}</span>
    </UnstyledButton>
  );
});
