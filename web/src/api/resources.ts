import { infiniteQueryOptions, keepPreviousData } from "@tanstack/react-query";

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
    initialPageParam: { asked: boundsOf(range, new Date()), cursor: undefined as string | undefined },
    getNextPageParam: (page) =>
      page.next_cursor === null ? undefined : { asked: page.asked, cursor: page.next_cursor },
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });
}
