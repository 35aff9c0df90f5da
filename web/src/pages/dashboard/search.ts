import { readFlag, readText } from "../../routing/search";
import { readRange, type Range } from "../../time/range";

/** The dashboard's state in the URL. */
export interface DashboardSearch extends Partial<Range> {
  /** Whose activity: a user id; without one, everyone's. */
  user?: string;
  /** Recent Actions with reads of the log itself. */
  reads?: true;
  /** The event that is open in the drawer. */
  event?: string;
}

export const DASHBOARD_RANGE: Range = { range: "7d" };

export function validateDashboardSearch(raw: Record<string, unknown>): DashboardSearch {
  const range = readRange(raw, DASHBOARD_RANGE);
  return {
    ...(range.range === DASHBOARD_RANGE.range ? {} : range),
    user: readText(raw.user),
    reads: readFlag(raw.reads),
    event: readText(raw.event),
  };
}

/** The range that the URL means. */
export function rangeOf(search: Partial<Range>, fallback: Range): Range {
  return search.range === undefined ? fallback : { ...search, range: search.range };
}

/** What the URL says of a range: nothing where it is the usual one. */
export function toSearch(range: Range, usual: Range): Partial<Range> {
  const isUsual = range.range === usual.range;
  return {
    range: isUsual ? undefined : range.range,
    from: range.from,
    to: range.to,
  };
}
