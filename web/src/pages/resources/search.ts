import type { ResourceSort } from "../../api/resources";
import { readOneOf, readText } from "../../routing/search";
import { readRange, type Range } from "../../time/range";
import { readMoment } from "../users/search";

export const RESOURCES_RANGE: Range = { range: "30d" };
export const SORTS = ["changes", "events", "last_seen"] as const;

/** The list's state in the URL. */
export interface ResourcesSearch extends Partial<Range> {
  search?: string;
  type?: string;
  sort?: ResourceSort;
}

export function validateResourcesSearch(raw: Record<string, unknown>): ResourcesSearch {
  const range = readRange(raw, RESOURCES_RANGE);
  return {
    ...(range.range === RESOURCES_RANGE.range ? {} : range),
    search: readText(raw.search),
    type: readText(raw.type)?.toUpperCase(),
    sort: readOneOf(raw.sort, SORTS),
  };
}

export interface ResourceAccessSearch {
  /** RFC 3339; without it, now. */
  at?: string;
  /** Whose access is asked for: a user id. */
  user?: string;
  /** The event that is open in the drawer. */
  event?: string;
}

export function validateResourceAccessSearch(raw: Record<string, unknown>): ResourceAccessSearch {
  return {
    at: readMoment(raw.at),
    user: readText(raw.user),
    event: readText(raw.event),
  };
}
