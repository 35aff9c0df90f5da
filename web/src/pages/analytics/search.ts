import { readOneOf, readWhole } from "../../routing/search";
import { readRange, type Range } from "../../time/range";

export const PERIODS = ["day", "week", "month"] as const;
export type Period = (typeof PERIODS)[number];

export const ANALYTICS_RANGE: Range = { range: "30d" };
export const INACTIVE_DAYS = [7, 14, 30, 60, 90] as const;
export const USUAL_INACTIVE_DAYS = 30;

/** The state of Team analytics in the URL. */
export interface AnalyticsSearch extends Partial<Range> {
  /** What a bar of active users is; a day by itself. */
  per?: Period;
  /** How long somebody has not signed in to be inactive. */
  inactive?: number;
}

export function validateAnalyticsSearch(raw: Record<string, unknown>): AnalyticsSearch {
  const range = readRange(raw, ANALYTICS_RANGE);
  return {
    ...(range.range === ANALYTICS_RANGE.range ? {} : range),
    per: readOneOf(raw.per, PERIODS),
    inactive: readWhole(raw.inactive, 1, 3660),
  };
}
