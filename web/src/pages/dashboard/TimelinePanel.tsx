import { Skeleton } from "@mantine/core";
import { useMemo } from "react";

import type { Dashboard } from "../../api/insight";
import { actionLook } from "../../look/actions";
import { ErrorState } from "../../parts/ErrorState";
import { Histogram } from "../../parts/Histogram";
import { Panel } from "../../parts/Panel";
import { t } from "../../texts";
import { useZone } from "../../time/zone";
import { stepWords } from "./steps";
import classes from "./TimelinePanel.module.css";

const words = t.dashboard.timeline;
/** The layer of all actions that have none of their own; no action can be called that. */
const OTHERS = "…";
const HEIGHT_PX = 168;

interface TimelinePanelProps {
  title: string;
  /** Undefined while it loads. */
  data: Dashboard | undefined;
  problem: Error | null;
  onRetry: () => void;
  onBrush: (from: string, to: string) => void;
}

/** Events over time, stacked by action; dragging over them leads to that time. */
export function TimelinePanel({ title, data, problem, onRetry, onBrush }: TimelinePanelProps) {
  const { label } = useZone();
  const timeline = data?.timeline;
  const buckets = useMemo(
    () =>
      timeline?.buckets.map(({ start, counts, others }) => ({
        start,
        counts: others === 0 ? counts : { ...counts, [OTHERS]: others },
      })),
    [timeline],
  );
  const step = timeline && stepWords(timeline.interval, timeline.step_seconds);
  return (
    <Panel title={title} counts={step && `${words.counts(step, label)}. ${words.brush}`}>
      {problem !== null && buckets === undefined ? (
        <ErrorState problem={problem} retry={onRetry} isCompact />
      ) : buckets === undefined ? (
        <Skeleton height={HEIGHT_PX} className={classes.waiting} />
      ) : (
        <Histogram
          buckets={buckets}
          until={data?.coverage.end}
          label={words.label}
          height={HEIGHT_PX}
          colourOf={(key) => actionLook(key).colour}
          nameOf={(key) => (key === OTHERS ? words.other : key)}
          onBrush={onBrush}
          withLegend
        />
      )}
    </Panel>
  );
}
