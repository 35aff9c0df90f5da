import { Table } from "@mantine/core";

import type { ResourceRow } from "../../api/resources";
import { t } from "../../texts";
import { ResourceLine } from "./ResourceLine";
import classes from "./ResourcesTable.module.css";

const { columns } = t.resources;

interface ResourcesTableProps {
  items: readonly ResourceRow[];
  /** The answer to what was asked before, while the next one comes. */
  isStale: boolean;
}

export function ResourcesTable({ items, isStale }: ResourcesTableProps) {
  return (
    <Table
      className={classes.table}
      highlightOnHover
      aria-label={t.resources.caption}
      aria-busy={isStale}
      data-stale={isStale || undefined}
    >
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{columns.resource}</Table.Th>
          <Table.Th className={classes.type}>{columns.type}</Table.Th>
          <Table.Th className={classes.number}>{columns.changes}</Table.Th>
          <Table.Th className={classes.number}>{columns.events}</Table.Th>
          <Table.Th className={`${classes.number ?? ""} ${classes.wide ?? ""}`}>
            {columns.people}
          </Table.Th>
          <Table.Th className={classes.when}>{columns.last}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {items.map((item) => (
          <ResourceLine key={`${item.resource_type} ${item.resource_id}`} item={item} />
        ))}
      </Table.Tbody>
    </Table>
  );
}
