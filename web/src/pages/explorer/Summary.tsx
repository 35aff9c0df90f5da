import { formatTime } from "../../time/format";
import { useZone } from "../../time/zone";
import { t } from "../../texts";
import classes from "./Explorer.module.css";
import { useExplorer } from "./ExplorerContext";
import type { Rows } from "./useRows";

export interface SummaryProps {
  rows: Rows;
}

/** How many events match, how many of them are loaded, and which time they are of. */
export function Summary({ rows: loaded }: SummaryProps) {
  const { bounds } = useExplorer();
  const { zone, label } = useZone();
  const { total, rows, isOld, isFirstLoad } = loaded;
  const span = t.explorer.summary.span(
    formatTime(bounds.start_date, zone, "full"),
    formatTime(bounds.end_date, zone, "full"),
    label,
  );
  return (
    <p className={classes.summary} role="status">
      {isFirstLoad && t.explorer.summary.loading}
      {!isFirstLoad && isOld && t.explorer.summary.updating}
      {!isFirstLoad && !isOld && (
        <>
          {total !== null && <strong data-total={total}>{t.explorer.summary.total(total)}</strong>}
          {total !== null && " · "}
          <span data-loaded={rows.length}>{t.explorer.summary.loaded(rows.length)}</span>
        </>
      )}
      {" · "}
      <span>{span}</span>
    </p>
  );
}
