import { getRouteApi } from "@tanstack/react-router";

import { t } from "../../texts";
import { ExplorerBody } from "../explorer/ExplorerBody";
import classes from "../users/ActivityTab.module.css";

const route = getRouteApi("/app/resources/$type/$id");

/** All that happened to one resource: the Explorer, of it alone. */
export function HistoryTab() {
  const { type, id } = route.useParams();
  return (
    <div className={classes.fill}>
      <ExplorerBody
        key={`${type} ${id}`}
        scope={{ resource_type: type, resource_id: id }}
        title={t.resources.one.history}
      />
    </div>
  );
}
