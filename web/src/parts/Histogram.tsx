import { useElementSize } from "@mantine/hooks";
import { useMemo } from "react";

import { ACTION_ORDER, actionLook } from "../look/actions";
import { t } from "../texts";
import { useZone } from "../time/zone";
import { keysOf, niceTop, timesOf, totalOf, type Bucket } from "./brush";
import classes from "./Histogram.module.css";
import { HistogramAxis } from "./HistogramAxis";
import { HistogramBars } from "./HistogramBars";
import { HistogramLegend } from "./HistogramLegend";
import { HistogramTip } from "./HistogramTip";
import { describeBucket } from "./histogramWords";
import { useBrush } from "./useBrush";

export interface HistogramProps {
  /** Without gaps, in order of time. */
  buckets: readonly Bucket[];
  /** RFC 3339, when the last bucket ends; without it, a step after its start. */
  until?: string;
  /** What is counted: the chart's accessible name. */
  label: string;
  /** Which layer lies at the bottom; keys that are not named follow by count. */
  keys?: readonly string[];
  /** A layer's CSS colour; actions' own by default. */
  colourOf?: (key: string) => string;
  /** A layer's name; its key by default. */
  nameOf?: (key: string) => string;
  /** Of the bars, in pixels. */
  height?: number;
  /** With it, bars can be marked by dragging, and by keyboard. */
  onBrush?: (from: string, to: string) => void;
  isLoading?: boolean;
  withLegend?: boolean;
}

function ownColour(key: string): string {
  return actionLook(key).colour;
}

function ownName(key: string): string {
  return key;
}

/** Counts over time, in layers. */
export function Histogram(props: HistogramProps) {
  const { buckets, until, label, onBrush, isLoading = false, withLegend = false } = props;
  const { keys: order = ACTION_ORDER, colourOf = ownColour, nameOf = ownName } = props;
  const { height = 120 } = props;
  const { zone } = useZone();
  const { ref, width } = useElementSize();
  const keys = useMemo(() => keysOf(buckets, order), [buckets, order]);
  const top = useMemo(
    () => niceTop(buckets.reduce((most, bucket) => Math.max(most, totalOf(bucket)), 0)),
    [buckets],
  );
  const { at, span, handlers } = useBrush(
    buckets.length,
    onBrush &&
      ((taken) => {
        const times = timesOf(buckets, taken, until);
        if (times !== undefined) {
          onBrush(times.from, times.to);
        }
      }),
  );
  const isEmpty = keys.length === 0;
  const valueText = describeBucket({ buckets, at, span, until, zone, nameOf, keys });

  return (
    <figure className={classes.figure} data-loading={isLoading || undefined}>
      <div className={classes.chart}>
        <HistogramAxis top={isEmpty ? 0 : top} height={height} />
        <div
          ref={ref}
          className={classes.plot}
          data-brushable={onBrush === undefined ? undefined : true}
          role="slider"
          tabIndex={0}
          aria-label={label}
          aria-valuemin={0}
          aria-valuemax={Math.max(0, buckets.length - 1)}
          aria-valuenow={at ?? Math.max(0, buckets.length - 1)}
          aria-valuetext={isEmpty ? t.parts.histogram.empty : valueText}
          aria-description={onBrush === undefined ? undefined : t.parts.histogram.help}
          aria-busy={isLoading}
          {...handlers}
        >
          <HistogramBars
            buckets={buckets}
            keys={keys}
            colourOf={colourOf}
            top={top}
            width={width}
            height={height}
            zone={zone}
            at={at}
            span={span}
          />
          {isEmpty && !isLoading && <p className={classes.empty}>{t.parts.histogram.empty}</p>}
          <HistogramTip
            buckets={buckets}
            until={until}
            keys={keys}
            colourOf={colourOf}
            nameOf={nameOf}
            at={at}
            span={span}
            width={width}
          />
        </div>
      </div>
      {withLegend && !isEmpty && (
        <HistogramLegend buckets={buckets} keys={keys} colourOf={colourOf} nameOf={nameOf} />
      )}
    </figure>
  );
}
