import { keepPreviousData, queryOptions } from "@tanstack/react-query";

import { boundsOf, type Bounds, type Range } from "../time/range";
import { api, unwrap } from "./client";
import type { paths } from "./schema";

type Answer<P extends keyof paths> = paths[P] extends {
  get: { responses: { 200: { content: { "application/json": infer T } } } };
}
  ? T
  : never;

/** The range that was asked for, so that a link can lead to exactly the counted events. */
export type Asked = Bounds;

export type Dashboard = Answer<"/insight/dashboard"> & { asked: Asked };
export type Team = Answer<"/insight/team"> & { asked: Asked };
export type UserInsight = Answer<"/insight/users/{user_id}"> & { asked: Asked };
export type Counted = Dashboard["total"];
export type ResourceUse = Team["active_clusters"][number];

// Counted anew when somebody comes back after a minute or asks for it, not by a timer: each count
// is on the record, and an open page should not fill the log.
const STALE = 60_000;

function ask(range: Range): Bounds {
  return boundsOf(range, new Date());
}

/** What is shown while the next answer comes must be about the same person. */
function isSame(query: { queryKey: readonly unknown[] } | undefined, place: number, id: unknown) {
  return query?.queryKey[place] === id;
}

/** Counts of everyone or one person. Bars begin where hours and days do in `timeZone` (IANA). */
export function dashboardQuery(range: Range, timeZone: string, userId?: string) {
  return queryOptions({
    queryKey: ["insight", "dashboard", range, userId ?? null, timeZone],
    queryFn: async ({ signal }) => {
      const asked = ask(range);
      const query = { ...asked, time_zone: timeZone, user_id: userId };
      const answer = await unwrap(api.GET("/insight/dashboard", { params: { query }, signal }));
      return { ...answer, asked };
    },
    staleTime: STALE,
    placeholderData: (last, query) => (isSame(query, 3, userId ?? null) ? last : undefined),
  });
}

/** How the team works, by the organization's own days and hours. */
export function teamQuery(range: Range, inactiveDays: number) {
  return queryOptions({
    queryKey: ["insight", "team", range, inactiveDays],
    queryFn: async ({ signal }) => {
      const asked = ask(range);
      const query = { ...asked, inactive_days: inactiveDays };
      const answer = await unwrap(api.GET("/insight/team", { params: { query }, signal }));
      return { ...answer, asked };
    },
    staleTime: STALE,
    placeholderData: keepPreviousData,
  });
}

/** One person's hours, places, resources and risk, by the organization's days and hours. */
export function userInsightQuery(userId: string, range: Range) {
  return queryOptions({
    queryKey: ["insight", "users", userId, range],
    queryFn: async ({ signal }) => {
      const asked = ask(range);
      const params = { path: { user_id: userId }, query: asked };
      const answer = await unwrap(api.GET("/insight/users/{user_id}", { params, signal }));
      return { ...answer, asked };
    },
    staleTime: STALE,
    placeholderData: (last, query) => (isSame(query, 2, userId) ? last : undefined),
  });
}

/** How many events Recent Actions shows. */
export const RECENT = 50;

/** What Recent Actions asks for, once and live. Whoever looks at the log adds to it: such reads
 * are left out unless they are asked for. */
export function recentFilter(userId: string | undefined, withReads: boolean) {
  return {
    q: withReads ? undefined : "-resource_type:AUDIT_LOG",
    user_id: userId === undefined ? undefined : [userId],
  };
}

/** The latest events, of everyone or one person; the live feed adds to them. */
export function recentQuery(userId: string | undefined, withReads: boolean) {
  return queryOptions({
    queryKey: ["insight", "recent", userId ?? null, withReads],
    queryFn: async ({ signal }) => {
      const { q, user_id } = recentFilter(userId, withReads);
      const query = { limit: RECENT, user_id, q: q === undefined ? undefined : [q] };
      const page = await unwrap(api.GET("/audit-logs", { params: { query }, signal }));
      return page.items;
    },
    staleTime: 0,
  });
}
