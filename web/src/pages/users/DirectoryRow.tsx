import { Table } from "@mantine/core";
import { Link, useNavigate } from "@tanstack/react-router";
import type { MouseEvent } from "react";

import type { User } from "../../api/users";
import { Plain } from "../../parts/Plain";
import { t } from "../../texts";
import { count } from "../../texts/numbers";
import { When } from "../../time/When";
import classes from "./Directory.module.css";
import { PersonCell } from "./PersonCell";
import { StatusBadge } from "./StatusBadge";
import { isKey } from "./who";

/** A user as a row; all of it leads to the profile. */
export function DirectoryRow({ user }: { user: User }) {
  const navigate = useNavigate();
  const profile = {
    to: "/users/$userId/overview",
    params: { userId: user.user_id },
  } as const;
  return (
    <Table.Tr
      className={classes.row}
      onClick={() => {
        void navigate(profile);
      }}
    >
      <Table.Td>
        <Link
          {...profile}
          className={classes.link}
          onClick={(click: MouseEvent) => {
            click.stopPropagation();
          }}
        >
          <PersonCell user={user} />
        </Link>
        <div className={classes.below}>
          <span>{t.users.statuses[user.status]}</span>
          <When at={user.last_seen_at} none={t.users.never} />
        </div>
      </Table.Td>
      <Table.Td className={classes.role}>
        {isKey(user.user_id) ? t.users.apiKey : <Plain text={user.role} />}
      </Table.Td>
      <Table.Td className={classes.status}>
        <StatusBadge status={user.status} />
      </Table.Td>
      <Table.Td className={`${classes.when ?? ""} ${classes.signIn ?? ""}`}>
        <When at={user.last_login_at} none={t.users.never} />
      </Table.Td>
      <Table.Td className={classes.when}>
        <When at={user.last_seen_at} none={t.users.never} />
      </Table.Td>
      <Table.Td className={`${classes.count ?? ""} ${classes.number ?? ""} tk-num`}>
        {count(user.events_30d)}
      </Table.Td>
    </Table.Tr>
  );
}
