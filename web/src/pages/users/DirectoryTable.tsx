import { Table } from "@mantine/core";

import type { User, UserSort } from "../../api/users";
import { t } from "../../texts";
import classes from "./Directory.module.css";
import { DirectoryRow } from "./DirectoryRow";
import { usualOrder, type UsersSearch } from "./search";
import { SortHeader } from "./SortHeader";

interface DirectoryTableProps {
  users: readonly User[];
  search: UsersSearch;
  /** The answer to what was asked before, while the next one comes. */
  isStale: boolean;
  onSort: (column: UserSort) => void;
}

const { columns } = t.users;

export function DirectoryTable({ users, search, isStale, onSort }: DirectoryTableProps) {
  const { sort = "last_seen", order = usualOrder(sort) } = search;
  const head = (column: UserSort) => ({
    order: column === sort ? order : undefined,
    onSort: () => {
      onSort(column);
    },
  });
  return (
    <Table
      className={classes.table}
      highlightOnHover
      aria-label={t.users.caption}
      aria-busy={isStale}
      data-stale={isStale || undefined}
    >
      <Table.Thead>
        <Table.Tr>
          <SortHeader label={columns.person} {...head("name")} />
          <Table.Th className={classes.role}>{columns.role}</Table.Th>
          <Table.Th className={classes.status}>{columns.status}</Table.Th>
          <SortHeader
            label={columns.lastSignIn}
            className={`${classes.when ?? ""} ${classes.signIn ?? ""}`}
            {...head("last_login")}
          />
          <SortHeader label={columns.lastSeen} className={classes.when} {...head("last_seen")} />
          <SortHeader
            label={columns.events}
            className={classes.count}
            isNumber
            {...head("events_30d")}
          />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {users.map((user) => (
          <DirectoryRow key={user.user_id} user={user} />
        ))}
      </Table.Tbody>
    </Table>
  );
}
