/** Addresses that are blocked, whatever else lets them in. */

import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import type { AllowedNetwork } from "./allow_list";
import { api, unwrap } from "./client";

export const denyListQuery = queryOptions({
  queryKey: ["organization", "deny-list"],
  queryFn: ({ signal }) => unwrap(api.GET("/organization/deny-list", { signal })),
});

export function useBlock() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (entry: AllowedNetwork) =>
      unwrap(api.POST("/organization/deny-list", { body: { entries: [entry] } })),
    onSuccess: (saved) => client.setQueryData(denyListQuery.queryKey, saved),
  });
}

export function useUnblock() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (network: string) =>
      unwrap(api.DELETE("/organization/deny-list", { params: { query: { network } } })),
    onSuccess: (saved) => client.setQueryData(denyListQuery.queryKey, saved),
  });
}
