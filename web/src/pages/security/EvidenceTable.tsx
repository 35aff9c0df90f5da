import { Table, UnstyledButton } from "@mantine/core";

import type { components } from "../../api/schema";
import { ActionBadge } from "../../look/actions";
import { Plain } from "../../parts/Plain";
import { t } from "../../texts";
import { When } from "../../time/When";
import classes from "./EvidenceTable.module.css";

type Event = components["schemas"]["Event"];

interface Props {
  events: Event[];
  onOpen: (eventId: string) => void;
}

export function EvidenceTable({ events, onOpen }: Props) {
  const columns = t.security.detail.evidenceColumns;
  return (
    <Table.ScrollContainer minWidth={860}>
      <Table verticalSpacing={6} className={classes.table}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{columns.time}</Table.Th>
            <Table.Th>{columns.action}</Table.Th>
            <Table.Th>{columns.user}</Table.Th>
            <Table.Th>{columns.address}</Table.Th>
            <Table.Th>{columns.place}</Table.Th>
            <Table.Th>{columns.resource}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {events.map((event) => (
            <Table.Tr key={event.id}>
              <Table.Td className={classes.time}>
                <When at={event.timestamp} kind="absolute" />
              </Table.Td>
              <Table.Td>
                <UnstyledButton
                  className={classes.open}
                  aria-label={t.security.detail.open(event.action)}
                  onClick={() => onOpen(event.id)}
                >
                  <ActionBadge action={event.action} status={event.status} />
                </UnstyledButton>
              </Table.Td>
              <Table.Td>
                <Plain text={event.user_email ?? event.user_id ?? ""} />
              </Table.Td>
              <Table.Td className={classes.address}>
                <Plain text={event.ip_address ?? ""} />
              </Table.Td>
              <Table.Td>
                <Plain text={placeOf(event)} />
              </Table.Td>
              <Table.Td>
                <Plain text={resourceOf(event)} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function placeOf(event: Event): string {
  return [event.enrich.city, event.enrich.country].filter(Boolean).join(", ");
}

function resourceOf(event: Event): string {
  return [event.resource_type, event.resource_name ?? event.resource_id].filter(Boolean).join(" ");
}
