import { Skeleton } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { histogramQuery } from "../../api/events";
import { ErrorState } from "../../parts/ErrorState";
import { Histogram } from "../../parts/Histogram";
import { useZone } from "../../time/zone";
import { t } from "../../texts";
import { useExplorer } from "./ExplorerContext";
import { intervalFor } from "./interval";
import classes from "./TimeHistogram.module.css";

export interface TimeHistogramProps {
  /** Rows come first: counts are asked for when they are there. */
  isReady: boolean;
  /** There are no rows to count: the search failed. */
  hasFailed: boolean;
}

const CHART_HEIGHT = 96;
/** Widths are taken in steps, so that dragging a window's edge does not ask at each pixel. */
const WIDTH_STEP = 200;

/** Events over time by action. Marking a part of it narrows the range: the long scroll bar. */
export function TimeHistogram({ isReady, hasFailed }: TimeHistogramProps) {
  const { filter, bounds, setRange } = useExplorer();
  const { zone, label } = useZone();
  const { ref, width } = useElementSize();
  const interval = intervalFor(bounds, Math.max(WIDTH_STEP, width - (width % WIDTH_STEP)));
  const { data, error, isPlaceholderData, refetch } = useQuery({
    ...histogramQuery(filter, interval, zone),
    enabled: isReady && width > 0,
  });
  const buckets = useMemo(
    () => data?.buckets.map(({ start, split }) => ({ start, counts: split })),
    [data],
  );
  const step = t.explorer.histogram.steps[interval];
  if (hasFailed) return <div className={classes.chart} ref={ref} />;
  return (
    <div className={classes.chart} ref={ref}>
      {error !== null && (
        <ErrorState
          problem={error}
          retry={() => {
            void refetch();
          }}
          isCompact
        />
      )}
      {error === null && buckets === undefined && <Skeleton height={CHART_HEIGHT} />}
      {error === null && buckets !== undefined && (
        <Histogram
          buckets={buckets}
          label={t.explorer.histogram.title(step, label)}
          until={data?.coverage.end ?? undefined}
          height={CHART_HEIGHT}
          isLoading={isPlaceholderData}
          onBrush={(from, to) => {
            // The first bar may begin before the range: marking it must not widen the range.
            const start = from < bounds.start_date ? bounds.start_date : from;
            setRange({ range: "custom", from: start, to });
          }}
        />
      )}
    </div>
  );
}
