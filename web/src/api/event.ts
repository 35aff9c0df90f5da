/** One event by its id, and what happened around it. */
import { queryOptions, type QueryClient } from "@tanstack/react-query";

import { quoted } from "../query/fields";
import { api, ApiProblem, unwrap } from "./client";
import type { components } from "./schema";

/** An event as the API shows it. `details` is any JSON object, which the document cannot say. */
export type Event = Omit<components["schemas"]["Event"], "details"> & {
  details: Record<string, unknown>;
};
export interface Neighbours {
  before: Event[];
  after: Event[];
}
/** What the same user, address and resource did around an event, the nearest first. */
export interface EventContext {
  event: Event;
  user: Neighbours;
  ip_address: Neighbours;
  resource: Neighbours;
}

/** How many events of the context are asked for on each side: what the API gives at most. */
export const CONTEXT_LIMIT = 50;

const OWN_ROUTES = new Set(["facets", "histogram", "export", "batch", ".", ".."]);

/** Whether a path can carry the id: one with a slash, or named like a route, is searched for. */
export function isPathSafe(id: string): boolean {
  return !id.includes("/") && !OWN_ROUTES.has(id);
}

async function byId(id: string, signal: AbortSignal): Promise<Event> {
  if (isPathSafe(id)) {
    const path = { event_id: id };
    return await unwrap(api.GET("/audit-logs/{event_id}", { params: { path }, signal }));
  }
  const query = { q: [`id:${quoted(id)}`], limit: 1 };
  const page = await unwrap(api.GET("/audit-logs", { params: { query }, signal }));
  const found = page.items[0];
  if (found === undefined) {
    throw new ApiProblem({ status: 404, code: "EVENT_NOT_FOUND", title: "Not found" });
  }
  return found;
}

/** Events do not change: one that was read once is not read again. */
export function eventQuery(id: string) {
  return queryOptions({
    queryKey: ["event", id],
    queryFn: ({ signal }) => byId(id, signal),
    staleTime: Infinity,
  });
}

/** Has the cache know an event that was shown already, so that it opens at once. */
export function keepEvent(client: QueryClient, event: Event): void {
  client.setQueryData(eventQuery(event.id).queryKey, event);
}

export function contextQuery(id: string, limit = CONTEXT_LIMIT) {
  return queryOptions({
    queryKey: ["event", id, "context", limit],
    queryFn: async ({ signal }) =>
      (await unwrap(
        api.GET("/audit-logs/{event_id}/context", {
          params: { path: { event_id: id }, query: { limit } },
          signal,
        }),
      )) as EventContext,
    enabled: isPathSafe(id),
  });
}

/** The latest events of a query: what was there before a live feed begins. */
export function earlierQuery(q: string, limit: number) {
  return queryOptions({
    queryKey: ["event", "earlier", q, limit],
    queryFn: async ({ signal }) => {
      const query = q === "" ? { limit } : { q: [q], limit };
      return (await unwrap(api.GET("/audit-logs", { params: { query }, signal }))).items;
    },
    staleTime: Infinity,
    gcTime: 0,
  });
}
