import { memo } from "react";

import { formatTime } from "../time/format";
import { tickIndexes, type Bucket, type Span } from "./brush";
import { layerPaths } from "./histogramPaths";
import classes from "./Histogram.module.css";

export interface HistogramBarsProps {
  buckets: readonly Bucket[];
  keys: readonly string[];
  colourOf: (key: string) => string;
  /** The count at the top edge. */
  top: number;
  width: number;
  height: number;
  zone: string;
  /** The bar that is looked at. */
  at: number | null;
  span: Span | null;
}

const AXIS = 20;
const LABEL_WIDTH = 84;
const DAY_MS = 86_400_000;
const CLOCK_UP_TO_MS = 2 * DAY_MS;

/** The layers as one path each, so that a chart is a dozen nodes however many bars it has. */
export const HistogramBars = memo(function HistogramBars(props: HistogramBarsProps) {
  const { buckets, keys, colourOf, top, width, height, zone, at, span } = props;
  const step = buckets.length === 0 ? 0 : width / buckets.length;
  const first = buckets[0];
  const last = buckets.at(-1);
  const length = first && last ? Date.parse(last.start) - Date.parse(first.start) : 0;
  const style = length <= CLOCK_UP_TO_MS ? "minute" : "date";
  const shown = span ?? (at === null ? null : { first: at, last: at });
  return (
    <svg
      className={classes.svg}
      width={width}
      height={height + AXIS}
      viewBox={`0 0 ${String(Math.max(width, 1))} ${String(height + AXIS)}`}
      aria-hidden
    >
      {[0.5, Math.round(height / 2) + 0.5].map((y) => (
        <line key={y} className={classes.grid} x1={0} x2={width} y1={y} y2={y} />
      ))}
      {shown !== null && (
        <rect
          className={span === null ? classes.hover : classes.span}
          x={shown.first * step}
          y={0}
          width={Math.max(1, (shown.last - shown.first + 1) * step)}
          height={height}
        />
      )}
      {layerPaths(buckets, keys, { top, width, height }).map(({ key, path }) => (
        <path key={key} className={classes.layer} d={path} fill={colourOf(key)} />
      ))}
      <line className={classes.base} x1={0} x2={width} y1={height + 0.5} y2={height + 0.5} />
      {tickIndexes(buckets.length, width, LABEL_WIDTH).map((index) => (
        <text key={index} className={classes.tick} x={index * step} y={height + AXIS - 5}>
          {formatTime(buckets[index]?.start ?? "", zone, style)}
        </text>
      ))}
    </svg>
  );
});
