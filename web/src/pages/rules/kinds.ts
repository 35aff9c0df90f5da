/** Kinds of rules. */

const OF_EVENTS = new Set([
  "event",
  "event_count",
  "value_count",
  "value_sum",
  "value_avg",
  "value_median",
  "value_percentile",
  "temporal",
  "temporal_ordered",
]);

/** Whether rules of the kind compare with history: what they found cannot be worked out again. */
export function isOfHistory(kind: string): boolean {
  return !OF_EVENTS.has(kind);
}
