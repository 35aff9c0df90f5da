/** What is expected, and so told to nobody. */

import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, unwrap } from "./client";
import type { components } from "./schema";

export type Suppression = components["schemas"]["SuppressionView"];
export type NewSuppression = components["schemas"]["NewSuppression"];
export type Subject = components["schemas"]["Subject"];

export const suppressionsQuery = queryOptions({
  queryKey: ["suppressions"],
  queryFn: async ({ signal }) => (await unwrap(api.GET("/suppressions", { signal }))).items,
});

export function useSuppress() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NewSuppression) => unwrap(api.POST("/suppressions", { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["suppressions"] }),
  });
}

export function useUnsuppress() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      unwrap(
        api.DELETE("/suppressions/{suppression_id}", {
          params: { path: { suppression_id: id } },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ["suppressions"] }),
  });
}
