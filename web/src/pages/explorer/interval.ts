import type { Interval } from "../../api/events";
import { lengthOfSeconds, type Bounds } from "../../time/range";

const DAY_SECONDS = 86_400;
const LENGTHS: readonly (readonly [Interval, number])[] = [
  ["minute", 60],
  ["hour", 3600],
  ["day", DAY_SECONDS],
  ["week", 7 * DAY_SECONDS],
  ["month", 28 * DAY_SECONDS],
];
/** A bar and the gap beside it, in pixels: narrower ones can be neither seen nor hit. */
const BAR_WIDTH = 6;

/** The finest step whose bars fit into the width. */
export function intervalFor(bounds: Bounds, width: number): Interval {
  const most = Math.max(1, width / BAR_WIDTH);
  const fitting = LENGTHS.find(([, seconds]) => lengthOfSeconds(bounds) / seconds <= most);
  return fitting?.[0] ?? "month";
}
