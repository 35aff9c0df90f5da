import { Button, Loader } from "@mantine/core";

import { MOST_ROWS } from "../../api/events";
import { formatTime } from "../../time/format";
import { useZone } from "../../time/zone";
import { t } from "../../texts";
import classes from "./EventTable.module.css";
import { useExplorer } from "./ExplorerContext";
import { FewDetails } from "./FewDetails";
import type { Rows } from "./useRows";

export interface TableFooterProps {
  rows: Rows;
}

/** What comes after the last row: more, nothing, or a way on to older events. */
export function TableFooter({ rows: loaded }: TableFooterProps) {
  const { rows, hasMore, isCapped, isLoadingMore, isOld, loadMore } = loaded;
  const { bounds, setRange } = useExplorer();
  const { zone } = useZone();
  const oldest = rows.at(-1);
  if (oldest === undefined || isOld) return <div className={classes.footer} />;
  return (
    <div className={classes.footer} role="status">
      {isCapped && (
        <>
          <span>
            {t.explorer.table.capped(MOST_ROWS)} {t.explorer.table.cappedHow}
          </span>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => {
              setRange({ range: "custom", from: bounds.start_date, to: oldest.timestamp });
            }}
          >
            {t.explorer.table.goOn(formatTime(oldest.timestamp, zone, "full"))}
          </Button>
        </>
      )}
      {!isCapped && isLoadingMore && (
        <>
          <Loader size={14} /> {t.explorer.table.loadingMore}
        </>
      )}
      {!isCapped && !isLoadingMore && hasMore && (
        <>
          <span>{t.explorer.table.loadedSoFar(rows.length)}</span>
          <Button size="compact-sm" variant="default" onClick={loadMore}>
            {t.explorer.table.loadMore}
          </Button>
        </>
      )}
      {!hasMore && !isCapped && <span>{t.explorer.table.end(rows.length)}</span>}
      <FewDetails />
    </div>
  );
}
