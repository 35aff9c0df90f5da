import { getRouteApi } from "@tanstack/react-router";

import { useMay } from "../../api/me";
import { t } from "../../texts";
import { ExplorerBody } from "../explorer/ExplorerBody";
import classes from "./ActivityTab.module.css";
import { OwnActivity } from "./OwnActivity";

const route = getRouteApi("/app/users/$userId/activity");

/** Everything that this user did: the Explorer, of them alone. */
export function ActivityTab() {
  const { userId } = route.useParams();
  const mayView = useMay("user:view");
  if (!mayView) {
    // One's own events may be read without the permission that counts and facets take.
    return <OwnActivity userId={userId} />;
  }
  return (
    <div className={classes.fill}>
      <ExplorerBody key={userId} scope={{ user_id: userId }} title={t.users.profile.activity} />
    </div>
  );
}
