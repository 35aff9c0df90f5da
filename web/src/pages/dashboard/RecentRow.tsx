import { Table, UnstyledButton } from "@mantine/core";

import type { Event } from "../../api/event";
import { ActionBadge } from "../../look/actions";
import { ResourceIcon } from "../../look/resources";
import { Plain } from "../../parts/Plain";
import { t } from "../../texts";
import { When } from "../../time/When";
import classes from "./RecentTable.module.css";

interface RecentRowProps {
  event: Event;
  /** Without it, events cannot be opened. */
  onOpen?: (eventId: string) => void;
}

export function RecentRow({ event, onOpen }: RecentRowProps) {
  const who = event.user_email ?? event.user_id;
  const resource = event.resource_name ?? event.resource_id ?? event.resource_type;
  const place = [event.enrich.city, event.enrich.country].filter((each) => each !== null);
  const badge = <ActionBadge action={event.action} status={event.status} />;
  return (
    <Table.Tr className={onOpen && classes.row} onClick={() => onOpen?.(event.id)}>
      <Table.Td>
        <When at={event.timestamp} kind="relative" />
      </Table.Td>
      <Table.Td>
        {onOpen === undefined ? (
          badge
        ) : (
          <UnstyledButton
            className={classes.open}
            aria-label={t.dashboard.recent.open(event.action)}
            onClick={(click) => {
              click.stopPropagation();
              onOpen(event.id);
            }}
          >
            {badge}
          </UnstyledButton>
        )}
      </Table.Td>
      <Table.Td>
        {who === null ? (
          <span className="tk-dim">{t.dashboard.recent.nobody}</span>
        ) : (
          <Plain text={who} isTruncated />
        )}
      </Table.Td>
      <Table.Td>
        <span className={classes.type} title={event.resource_type}>
          <ResourceIcon type={event.resource_type} />
          <span className={classes.name}>
            <Plain text={resource} isTruncated />
          </span>
        </span>
      </Table.Td>
      <Table.Td className={classes.address}>
        <Plain text={event.ip_address ?? ""} isTruncated />
      </Table.Td>
      <Table.Td className={classes.place}>
        <Plain text={place.join(", ")} isTruncated />
      </Table.Td>
    </Table.Tr>
  );
}
