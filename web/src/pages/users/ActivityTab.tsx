import { getRouteApi } from "@tanstack/react-router";

import { t } from "../../texts";
import { ExplorerBody } from "../explorer/ExplorerBody";
import classes from "./ActivityTab.module.css";

const route = getRouteApi("/app/users/$userId/activity");

/** Everything that this user did: the Explorer, of them alone. */
export function ActivityTab() {
  const { userId } = route.useParams();
  return (
    <div className={classes.fill}>
      <ExplorerBody key={userId} scope={{ user_id: userId }} title={t.users.profile.activity} />
    </div>
  );
}
