import { t } from "../texts";
import classes from "./WorldMap.module.css";
import type { MapPoint, WorldMapProps } from "./WorldMap";
import { BORDERS, GRID, HEIGHT, LAND, projection, WIDTH } from "./worldShapes";

const SMALLEST = 4;
const LARGEST = 22;

function nameOf(point: MapPoint): string {
  return point.failed === undefined
    ? t.parts.map.plain(point.label, point.count)
    : t.parts.map.point(point.label, point.count - point.failed, point.failed);
}

/** The map itself; its own file so that the outlines are loaded with it only. */
export default function WorldMapDrawing({ points, label, onPick }: WorldMapProps) {
  const most = Math.max(1, ...points.map((point) => point.count));
  // The large ones first, so that small ones lie on top and can be reached.
  const ordered = [...points].sort((a, b) => b.count - a.count);
  return (
    <svg
      className={classes.svg}
      viewBox={`0 0 ${String(WIDTH)} ${String(HEIGHT)}`}
      role="group"
      aria-label={label}
    >
      <path className={classes.grid} d={GRID} />
      <path className={classes.land} d={LAND} />
      <path className={classes.borders} d={BORDERS} />
      {ordered.map((point) => {
        const place = projection([point.longitude, point.latitude]);
        if (place === null) {
          return null;
        }
        const radius = SMALLEST + Math.sqrt(point.count / most) * (LARGEST - SMALLEST);
        const isBad = (point.failed ?? 0) > 0;
        const pick =
          onPick &&
          (() => {
            onPick(point.key);
          });
        return (
          <circle
            key={point.key}
            className={isBad ? classes.bad : classes.good}
            cx={place[0]}
            cy={place[1]}
            r={radius}
            role={pick ? "button" : "img"}
            tabIndex={pick ? 0 : undefined}
            aria-label={nameOf(point)}
            onClick={pick}
            onKeyDown={(event) => {
              if (pick && (event.key === "Enter" || event.key === " ")) {
                event.preventDefault();
                pick();
              }
            }}
          >
            <title>{nameOf(point)}</title>
          </circle>
        );
      })}
    </svg>
  );
}
