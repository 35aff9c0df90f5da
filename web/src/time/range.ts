/** The range of time that a page is about, as it stands in the address. */

export const RANGE_NAMES = ["24h", "7d", "30d", "90d", "custom"] as const;
export type RangeName = (typeof RANGE_NAMES)[number];
export type Preset = Exclude<RangeName, "custom">;

export interface Range {
  range: RangeName;
  /** RFC 3339; with `custom` only. */
  from?: string;
  /** RFC 3339; with `custom` only. */
  to?: string;
}

export interface Bounds {
  start_date: string;
  end_date: string;
}

const HOUR_SECONDS = 3600;
export const PRESET_SECONDS: Record<Preset, number> = {
  "24h": 24 * HOUR_SECONDS,
  "7d": 7 * 24 * HOUR_SECONDS,
  "30d": 30 * 24 * HOUR_SECONDS,
  "90d": 90 * 24 * HOUR_SECONDS,
};
export const PRESETS: readonly Preset[] = ["24h", "7d", "30d", "90d"];
export const DEFAULT_RANGE: Range = { range: "7d" };

const MOMENT = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/** Parts of a millisecond, which the service knows and a browser's dates do not. */
const BELOW_MILLISECOND = /\.\d{3}\d*[1-9]/;

function readMoment(value: unknown, isEnd = false): string | undefined {
  if (typeof value !== "string" || !MOMENT.test(value)) {
    return undefined;
  }
  // An end is rounded up: a range of microseconds, as one event has, must not become empty.
  const more = isEnd && BELOW_MILLISECOND.test(value) ? 1 : 0;
  const time = new Date(value).getTime() + more;
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

/** The range that an address names. What is no range, or ends before it begins, is `fallback`. */
export function readRange(search: Record<string, unknown>, fallback: Range = DEFAULT_RANGE): Range {
  const from = readMoment(search.from);
  const to = readMoment(search.to, true);
  const name = RANGE_NAMES.find((known) => known === search.range);
  if (name !== undefined && name !== "custom") {
    return { range: name };
  }
  // `from` and `to` alone are enough, so that links can be written by hand.
  if (from !== undefined && to !== undefined && from < to) {
    return { range: "custom", from, to };
  }
  return fallback;
}

/** Where the range begins and ends. A preset ends `now`; a custom range without an end does too. */
export function boundsOf(range: Range, now: Date): Bounds {
  if (range.range !== "custom") {
    const start = new Date(now.getTime() - PRESET_SECONDS[range.range] * 1000);
    return { start_date: start.toISOString(), end_date: now.toISOString() };
  }
  const end = range.to ?? now.toISOString();
  const weekBefore = new Date(new Date(end).getTime() - PRESET_SECONDS["7d"] * 1000);
  return { start_date: range.from ?? weekBefore.toISOString(), end_date: end };
}

export function lengthOfSeconds(bounds: Bounds): number {
  return (Date.parse(bounds.end_date) - Date.parse(bounds.start_date)) / 1000;
}

/** The range of equal length just before. */
export function rangeBefore(bounds: Bounds): Bounds {
  const start = Date.parse(bounds.start_date) - lengthOfSeconds(bounds) * 1000;
  return { start_date: new Date(start).toISOString(), end_date: bounds.start_date };
}
