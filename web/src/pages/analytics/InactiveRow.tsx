import { Link } from "@tanstack/react-router";

import type { Team } from "../../api/insight";
import { t } from "../../texts";
import { When } from "../../time/When";
import { PersonCell } from "../users/PersonCell";
import classes from "./InactiveUsers.module.css";

export function InactiveRow({ user }: { user: Team["inactive_users"][number] }) {
  return (
    <li>
      <Link to="/users/$userId/overview" params={{ userId: user.user_id }} className={classes.row}>
        <PersonCell user={user} />
        <span className={classes.last}>
          <When at={user.last_sign_in} none={t.analytics.inactive.never} />
        </span>
      </Link>
    </li>
  );
}
