import { Anchor } from "@mantine/core";

import type { EventRef } from "../../api/access_at";
import { Plain } from "../../parts/Plain";
import { t } from "../../texts";
import { When } from "../../time/When";
import classes from "./access.module.css";

const words = t.users.access;

interface EventLineProps {
  event: EventRef;
  onOpen: (eventId: string) => void;
}

/** The event that something is known from: when, by whom, and a way to it. */
export function EventLine({ event, onOpen }: EventLineProps) {
  const who = event.user_email ?? event.user_id;
  return (
    <div className={classes.event}>
      <When at={event.timestamp} kind="absolute" />
      <span>
        {who === null ? (
          words.byNobody
        ) : (
          <>
            {words.by} <Plain text={who} />
          </>
        )}
      </span>
      <Anchor
        component="button"
        type="button"
        size="xs"
        onClick={() => {
          onOpen(event.id);
        }}
      >
        {words.openEvent}
      </Anchor>
    </div>
  );
}
