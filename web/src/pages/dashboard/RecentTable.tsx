import { Skeleton, Table } from "@mantine/core";

import type { Event } from "../../api/event";
import { t } from "../../texts";
import { RecentRow } from "./RecentRow";
import classes from "./RecentTable.module.css";

const { columns, title } = t.dashboard.recent;
const PLACEHOLDERS = Array.from({ length: 12 }, (_, place) => place);

interface RecentTableProps {
  /** The newest first; undefined while they are loading. */
  events: readonly Event[] | undefined;
  /** Without it, events cannot be opened. */
  onOpen?: (eventId: string) => void;
}

export function RecentTable({ events, onOpen }: RecentTableProps) {
  return (
    <Table className={classes.table} aria-label={title} highlightOnHover>
      <Table.Thead>
        <Table.Tr>
          <Table.Th className={classes.time}>{columns.time}</Table.Th>
          <Table.Th className={classes.action}>{columns.action}</Table.Th>
          <Table.Th>{columns.user}</Table.Th>
          <Table.Th>{columns.resource}</Table.Th>
          <Table.Th className={classes.address}>{columns.address}</Table.Th>
          <Table.Th className={classes.place}>{columns.place}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {events?.map((event) => <RecentRow key={event.id} event={event} onOpen={onOpen} />) ??
          PLACEHOLDERS.map((place) => (
            <Table.Tr key={place}>
              <Table.Td colSpan={6}>
                <Skeleton height={18} />
              </Table.Td>
            </Table.Tr>
          ))}
      </Table.Tbody>
    </Table>
  );
}
