import type { MemberStatus, SortOrder, UserSort } from "../../api/users";
import { readList, readOneOf, readSomeOf, readText } from "../../routing/search";
import { readRange, type Range } from "../../time/range";

export const STATUSES = ["active", "invited", "disabled", "deleted", "observed"] as const;
export const SORTS = ["last_seen", "last_login", "name", "events_30d"] as const;

/** The directory's state in the URL. What is not there is as the service has it by itself. */
export interface UsersSearch {
  search?: string;
  role?: string[];
  status?: MemberStatus[];
  sort?: UserSort;
  order?: SortOrder;
}

export function validateUsersSearch(raw: Record<string, unknown>): UsersSearch {
  return {
    search: readText(raw.search),
    role: readList(raw.role),
    status: readSomeOf(raw.status, STATUSES),
    sort: readOneOf(raw.sort, SORTS),
    order: readOneOf(raw.order, ["asc", "desc"]),
  };
}

/** The order that a column begins with: names from A, all else the most or the latest first. */
export function usualOrder(sort: UserSort): SortOrder {
  return sort === "name" ? "asc" : "desc";
}

/** What a click on a column's head asks for: that column, or its other direction. */
export function sortedBy(search: UsersSearch, column: UserSort): UsersSearch {
  const { sort = "last_seen", order = usualOrder(sort) } = search;
  if (column !== sort) {
    return { ...search, sort: column, order: undefined };
  }
  const other = order === "asc" ? "desc" : "asc";
  return { ...search, sort: column, order: other === usualOrder(column) ? undefined : other };
}

export const OVERVIEW_RANGE: Range = { range: "30d" };

export interface OverviewSearch extends Partial<Range> {
  /** The event that is open in the drawer. */
  event?: string;
}

export function validateOverviewSearch(raw: Record<string, unknown>): OverviewSearch {
  const range = readRange(raw, OVERVIEW_RANGE);
  return {
    ...(range.range === OVERVIEW_RANGE.range ? {} : range),
    event: readText(raw.event),
  };
}

export interface AccessSearch {
  /** RFC 3339; without it, now. */
  at?: string;
  /** The event that is open in the drawer. */
  event?: string;
}

export function validateAccessSearch(raw: Record<string, unknown>): AccessSearch {
  return { at: readMoment(raw.at), event: readText(raw.event) };
}

/** A moment as the API wants it; what is none is dropped. */
export function readMoment(value: unknown): string | undefined {
  const text = readText(value) ?? "";
  const moment = new Date(text);
  if (Number.isNaN(moment.getTime())) {
    return undefined;
  }
  // As it is, where it is one: a date here knows no microseconds, and events have them.
  return text.endsWith("Z") ? text : moment.toISOString();
}
