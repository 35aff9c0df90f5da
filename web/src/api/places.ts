/** Sign-ins by place. */

import { keepPreviousData, queryOptions } from "@tanstack/react-query";

import { boundsOf, type Range } from "../time/range";
import { api, unwrap } from "./client";
import type { components } from "./schema";

export type Place = components["schemas"]["Place"];

export function placesQuery(range: Range) {
  return queryOptions({
    queryKey: ["insight", "places", range],
    queryFn: async ({ signal }) => {
      const asked = boundsOf(range, new Date());
      const found = await unwrap(api.GET("/insight/places", { params: { query: asked }, signal }));
      // What was counted, so that a link leads to exactly those events.
      return { ...found, asked };
    },
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });
}
