import type { Range } from "../../time/range";

export const SPANS = ["minutes", "hour", "day", "on"] as const;
export type Span = (typeof SPANS)[number];

const MINUTE_MS = 60_000;
/** How far to either side of the moment. */
const HALF_MS = { minutes: 5 * MINUTE_MS, hour: 30 * MINUTE_MS, day: 720 * MINUTE_MS };

/** The range to look at for a moment: around it, or from it until now. */
export function rangeAt(at: string, span: Span, now: Date): Range {
  if (span === "on") {
    return { range: "custom", from: at, to: now.toISOString() };
  }
  const moment = Date.parse(at);
  return {
    range: "custom",
    from: new Date(moment - HALF_MS[span]).toISOString(),
    to: new Date(Math.min(moment + HALF_MS[span], now.getTime())).toISOString(),
  };
}
