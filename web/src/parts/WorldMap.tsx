import { lazy, Suspense } from "react";

import { t } from "../texts";
import classes from "./WorldMap.module.css";

export interface MapPoint {
  key: string;
  latitude: number;
  longitude: number;
  label: string;
  /** All of them, the failed ones included: the circle's area. */
  count: number;
  failed?: number;
}

export interface WorldMapProps {
  points: readonly MapPoint[];
  /** What is shown: the map's accessible name. */
  label: string;
  /** With it, points are buttons. */
  onPick?: (key: string) => void;
}

// The land's outlines are 100 KB that no other page needs.
const WorldMapDrawing = lazy(() => import("./WorldMapDrawing"));

/** Counts at places on a map of the world. Put the same as a table beside it. */
export function WorldMap(props: WorldMapProps) {
  return (
    <div className={classes.map}>
      <Suspense fallback={<p className={classes.loading}>{t.parts.map.loading}</p>}>
        <WorldMapDrawing {...props} />
      </Suspense>
      {props.points.some((point) => point.failed !== undefined) && (
        <div className={classes.legend} aria-hidden>
          <span className={classes.well}>{t.parts.map.succeeded}</span>
          <span className={classes.badly}>{t.parts.map.failed}</span>
        </div>
      )}
    </div>
  );
}
