import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, ApiProblem, unwrap } from "./client";
import type { components } from "./schema";

export type SingleSignOn = components["schemas"]["SingleSignOnView"];
export type NewSingleSignOn = components["schemas"]["NewSingleSignOn"];
export type SingleSignOnTest = components["schemas"]["SingleSignOnTest"];

/** The provider, or null where none is set up: the service says 404 to that. */
export const singleSignOnQuery = queryOptions({
  queryKey: ["organization", "single-sign-on"],
  queryFn: async ({ signal }): Promise<SingleSignOn | null> => {
    try {
      return await unwrap(api.GET("/organization/single-sign-on", { signal }));
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 404) return null;
      throw error;
    }
  },
});

export function useSaveSingleSignOn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NewSingleSignOn) =>
      unwrap(api.PUT("/organization/single-sign-on", { body })),
    onSuccess: (saved) => client.setQueryData(singleSignOnQuery.queryKey, saved),
  });
}

export function useRemoveSingleSignOn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api.DELETE("/organization/single-sign-on")),
    onSuccess: () => client.setQueryData(singleSignOnQuery.queryKey, null),
  });
}

export function useTestSingleSignOn() {
  return useMutation({ mutationFn: () => unwrap(api.POST("/organization/single-sign-on/test")) });
}
