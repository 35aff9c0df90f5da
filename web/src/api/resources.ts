import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";

import { boundsOf, type Range } from "../time/range";
import { api, unwrap } from "./client";
import type { paths } from "./schema";

export type ResourcePage =
  paths["/insight/resources"]["get"]["responses"]["200"]["content"]["application/json"];
export type ResourceRow = ResourcePage["items"][number];
export type ResourceSort = "changes" | "events" | "last_seen";

export interface ResourceSearch {
  search?: string;
  resource_type?: string;
  sort: ResourceSort;
}

export function resourcesQuery(range: Range, search: ResourceSearch) {
  return infiniteQueryOptions({
    queryKey: ["insight", "resources", range, search],
    queryFn: ({ pageParam, signal }) => {
      // All pages of a list ask for the same instant: a cursor belongs to its question.
      const query = { ...search, ...pageParam.asked, cursor: pageParam.cursor };
      return unwrap(api.GET("/insight/resources", { params: { query }, signal })).then(
        (answer) => ({ ...answer, asked: pageParam.asked }),
      );
    },
    initialPageParam: {
      asked: boundsOf(range, new Date()),
      cursor: undefined as string | undefined,
    },
    getNextPageParam: (page) =>
      page.next_cursor === null ? undefined : { asked: page.asked, cursor: page.next_cursor },
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });
}

const TYPES = 1000;

/** The types of resources that the log knows, the most frequent first. */
export const resourceTypesQuery = queryOptions({
  queryKey: ["resources", "types"],
  queryFn: async ({ signal }) => {
    const query = { field: ["resource_type" as const], limit: TYPES };
    const answer = await unwrap(api.GET("/audit-logs/facets", { params: { query }, signal }));
    return answer.facets.flatMap((facet) => facet.values.flatMap(({ value }) => value ?? []));
  },
  staleTime: 300_000,
});

/** What the newest events tell of a resource: its name, and since when it is gone. */
export function resourceStateQuery(type: string, id: string) {
  return queryOptions({
    queryKey: ["resources", "state", type, id],
    queryFn: async ({ signal }) => {
      const of = { resource_type: [type], resource_id: [id], limit: 1 };
      const [named, ended] = await Promise.all(
        [
          { ...of, q: ["resource_name:*"] },
          { ...of, q: ["action:(CREATE OR RESTORE OR DELETE)"], status: ["SUCCESS"] },
        ].map((query) => unwrap(api.GET("/audit-logs", { params: { query }, signal }))),
      );
      const last = ended?.items[0];
      return {
        name: named?.items[0]?.resource_name ?? null,
        deletedAt: last?.action === "DELETE" ? last.timestamp : null,
      };
    },
  });
}
