import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, unwrap } from "./client";
import type { components } from "./schema";

export type Organization = components["schemas"]["OrganizationView"];
export type OrganizationChanges = components["schemas"]["OrganizationChanges"];
export type RetentionRule = components["schemas"]["RetentionRule"];

export const organizationQuery = queryOptions({
  queryKey: ["organization"],
  queryFn: ({ signal }) => unwrap(api.GET("/organization", { signal })),
});

export function useChangeOrganization() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: OrganizationChanges) => unwrap(api.PATCH("/organization", { body })),
    onSuccess: async (organization) => {
      client.setQueryData(organizationQuery.queryKey, organization);
      // Its name and time zone stand in the shell, its days in the state of retention.
      await Promise.all([
        client.invalidateQueries({ queryKey: ["me"], exact: true }),
        client.invalidateQueries({ queryKey: ["retention"] }),
      ]);
    },
  });
}
