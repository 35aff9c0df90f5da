import { BORDERS, GRID, HEIGHT, LAND, outline, projection, WIDTH } from "../../parts/worldShapes";
import { t } from "../../texts";
import classes from "./Travel.module.css";
import type { Stop } from "./travel";

export interface TravelMapProps {
  from: Stop;
  to: Stop;
  /** What is seen, in words. */
  label: string;
}

/** At least so much of the world is shown, so that one knows where one is. */
const LEAST_WIDTH = 300;
const MARGIN = 60;

interface View {
  x: number;
  y: number;
  width: number;
  height: number;
}

function clamp(value: number, most: number): number {
  return Math.max(0, Math.min(most, value));
}

/** The part of the map that shows all of the way, of the whole map's shape. */
function viewOf([[left, top], [right, bottom]]: [[number, number], [number, number]]): View {
  const shape = WIDTH / HEIGHT;
  const wanted = Math.max(
    right - left + 2 * MARGIN,
    (bottom - top + 2 * MARGIN) * shape,
    LEAST_WIDTH,
  );
  const width = Math.min(WIDTH, wanted);
  const height = width / shape;
  return {
    x: clamp((left + right - width) / 2, WIDTH - width),
    y: clamp((top + bottom - height) / 2, HEIGHT - height),
    width,
    height,
  };
}

/** A part of the world with two numbered places and the shortest way between them. */
export function TravelMap({ from, to, label }: TravelMapProps) {
  const stops = [from, to];
  const way = {
    type: "LineString" as const,
    coordinates: stops.map(({ longitude, latitude }) => [longitude, latitude]),
  };
  const view = viewOf(outline.bounds(way));
  // Sizes are those of the whole map: where less of it is shown, signs would be larger.
  const unit = view.width / WIDTH;
  return (
    <svg
      className={classes.map}
      viewBox={[view.x, view.y, view.width, view.height].map((each) => each.toFixed(1)).join(" ")}
      role="img"
      aria-label={label}
    >
      <path className={classes.grid} d={GRID} />
      <path className={classes.land} d={LAND} />
      <path className={classes.borders} d={BORDERS} />
      <path className={classes.way} d={outline(way) ?? ""} />
      {stops.map((stop, index) => {
        const [x = 0, y = 0] = projection([stop.longitude, stop.latitude]) ?? [];
        return (
          <g key={stop.eventId} transform={`translate(${x.toFixed(1)} ${y.toFixed(1)})`}>
            <circle className={classes.stop} r={20 * unit} />
            <text className={classes.number} fontSize={24 * unit} dy={8.5 * unit}>
              {t.security.travel.numbers[index]}
            </text>
          </g>
        );
      })}
    </svg>
  );
}
