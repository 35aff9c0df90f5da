/** Searches of the Explorer under a name. */

import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, unwrap } from "./client";
import type { components } from "./schema";

export type SavedView = components["schemas"]["ViewView"];
export type NewView = components["schemas"]["NewView"];
export type ViewPatch = components["schemas"]["ViewPatch"];

const KEY = ["views"];

export const viewsQuery = queryOptions({
  queryKey: KEY,
  queryFn: async ({ signal }) => (await unwrap(api.GET("/views", { signal }))).items,
});

export function useSaveView() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NewView) => unwrap(api.POST("/views", { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  });
}

export function useChangeView() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...body }: ViewPatch & { id: string }) =>
      unwrap(api.PATCH("/views/{view_id}", { params: { path: { view_id: id } }, body })),
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  });
}

export function useDeleteView() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      unwrap(api.DELETE("/views/{view_id}", { params: { path: { view_id: id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  });
}
