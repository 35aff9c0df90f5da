import { Button } from "@mantine/core";

import type { MapPoint } from "../../parts/WorldMap";
import { t } from "../../texts";
import classes from "./Explorer.module.css";
import type { Rows } from "./useRows";

export interface MapListProps {
  points: readonly MapPoint[];
  onPick: (key: string) => void;
  rows: Rows;
}

/** The map's points as a list, the most frequent first: for keyboards and screen readers too. */
export function MapList({ points, onPick, rows }: MapListProps) {
  return (
    <div>
      <ul className={classes.places}>
        {points.map(({ key, label, count }) => (
          <li key={key}>
            <Button
              size="compact-sm"
              variant="subtle"
              onClick={() => {
                onPick(key);
              }}
            >
              {t.explorer.map.point(label, count)}
            </Button>
          </li>
        ))}
      </ul>
      {rows.hasMore && (
        <Button size="compact-sm" variant="default" onClick={rows.loadMore}>
          {t.explorer.table.loadMore}
        </Button>
      )}
    </div>
  );
}
