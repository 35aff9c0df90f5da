import { useMemo } from "react";

import type { EventRow } from "../../api/events";
import { visibleText } from "../../parts/plainText";
import { WorldMap, type MapPoint } from "../../parts/WorldMap";
import { t } from "../../texts";
import classes from "./Explorer.module.css";
import { useExplorer } from "./ExplorerContext";
import { MapList } from "./MapList";
import type { Rows } from "./useRows";

export interface EventMapProps {
  rows: Rows;
}

/** Events at the same place are one point; those of unknown places are none. */
function pointsOf(rows: readonly EventRow[]): MapPoint[] {
  const points = new Map<string, MapPoint & { failed: number }>();
  for (const { place, status } of rows) {
    const { latitude, longitude, city, country } = place;
    if (latitude === null || longitude === null) continue;
    const label = visibleText([city, country].filter((part) => part !== null).join(", "));
    const key = `${label} ${String(latitude)} ${String(longitude)}`;
    const point = points.get(key) ?? { key, latitude, longitude, label, count: 0, failed: 0 };
    point.count += 1;
    if (status === "FAILED") point.failed += 1;
    points.set(key, point);
  }
  return [...points.values()].sort((a, b) => b.count - a.count);
}

/** Where the loaded events came from. */
export function EventMap({ rows: loaded }: EventMapProps) {
  const { rows, isOld } = loaded;
  const { filterFor } = useExplorer();
  const points = useMemo(() => pointsOf(rows), [rows]);
  const placed = points.reduce((sum, point) => sum + point.count, 0);
  const onPick = (key: string): void => {
    const row = rows.find(({ place }) => {
      const label = [place.city, place.country].filter((part) => part !== null).join(", ");
      return key === `${visibleText(label)} ${String(place.latitude)} ${String(place.longitude)}`;
    });
    if (row === undefined) return;
    if (row.place.city !== null) filterFor("city", row.place.city);
    else filterFor("country", row.place.country);
  };
  return (
    <div className={classes.map} data-old={isOld}>
      <p className={classes.about}>
        {points.length === 0 ? t.explorer.map.none : t.explorer.map.about(placed, rows.length)}
      </p>
      <WorldMap points={points} label={t.explorer.map.label} onPick={onPick} />
      <MapList points={points} onPick={onPick} rows={loaded} />
    </div>
  );
}
