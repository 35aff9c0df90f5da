/** The maths of a histogram: scales, ticks, and which time a drag over the bars marks. */

export interface Bucket {
  /** RFC 3339, when it begins. */
  start: string;
  counts: Record<string, number>;
}

/** Two bars and all between, the lower index first. */
export interface Span {
  first: number;
  last: number;
}

/** The bar under a point, kept within the chart. Without bars: -1. */
export function bucketAt(x: number, width: number, buckets: number): number {
  if (buckets === 0 || width <= 0) {
    return -1;
  }
  return Math.min(buckets - 1, Math.max(0, Math.floor((x / width) * buckets)));
}

export function spanOf(a: number, b: number): Span {
  return { first: Math.min(a, b), last: Math.max(a, b) };
}

/** How long the bars are: the commonest distance, in milliseconds; an hour for a single bar. */
function stepMs(buckets: readonly Bucket[]): number {
  const [first, second] = buckets.slice(-2);
  return first !== undefined && second !== undefined
    ? Date.parse(second.start) - Date.parse(first.start)
    : 3_600_000;
}

/** When a bar ends: where the next begins; the last one at `until`, or a step later. */
export function endOf(buckets: readonly Bucket[], index: number, until?: string): string {
  const next = buckets[index + 1];
  if (next !== undefined) {
    return next.start;
  }
  const last = buckets[index];
  if (until !== undefined || last === undefined) {
    return until ?? "";
  }
  return new Date(Date.parse(last.start) + stepMs(buckets)).toISOString();
}

/** From when to when a span of bars is. */
export function timesOf(
  buckets: readonly Bucket[],
  span: Span,
  until?: string,
): { from: string; to: string } | undefined {
  const first = buckets[span.first];
  return first === undefined
    ? undefined
    : { from: first.start, to: endOf(buckets, span.last, until) };
}

export function totalOf(bucket: Bucket): number {
  return Object.values(bucket.counts).reduce((sum, n) => sum + n, 0);
}

/** The keys that occur: those of `order` in its order, then others by count, the largest first. */
export function keysOf(buckets: readonly Bucket[], order: readonly string[]): string[] {
  const totals = new Map<string, number>();
  for (const bucket of buckets) {
    for (const [key, n] of Object.entries(bucket.counts)) {
      totals.set(key, (totals.get(key) ?? 0) + n);
    }
  }
  const occurring = [...totals].filter(([, n]) => n > 0);
  const known = order.filter((key) => (totals.get(key) ?? 0) > 0);
  const others = occurring
    .filter(([key]) => !order.includes(key))
    .sort(([a, n], [b, m]) => m - n || a.localeCompare(b))
    .map(([key]) => key);
  return [...known, ...others];
}

const TOPS = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/** The axis' top: the next of a few round numbers, and a whole one. */
export function niceTop(most: number): number {
  if (most <= 4) {
    return Math.max(1, Math.ceil(most));
  }
  const power = 10 ** Math.floor(Math.log10(most));
  const step = TOPS.find((factor) => factor * power >= most) ?? 10;
  return Math.ceil(step * power);
}

/** Which bars get a label, so that labels of a width do not touch. */
export function tickIndexes(buckets: number, width: number, labelWidth: number): number[] {
  const fit = Math.max(1, Math.floor(width / labelWidth));
  const every = Math.max(1, Math.ceil(buckets / fit));
  const ticks: number[] = [];
  for (let index = 0; index < buckets; index += every) {
    // A label begins at its bar; the last one must not run out of the chart.
    if ((index / buckets) * width + labelWidth <= width + 1) {
      ticks.push(index);
    }
  }
  return ticks;
}
