import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, unwrap } from "./client";
import type { components } from "./schema";

export type RetentionStatus = components["schemas"]["RetentionStatus"];
export type RetentionOutcome = components["schemas"]["RetentionOutcome"];

export const retentionQuery = queryOptions({
  queryKey: ["retention"],
  queryFn: ({ signal }) => unwrap(api.GET("/retention", { signal })),
});

export function useRunRetention() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ isDryRun }: { isDryRun: boolean }) =>
      unwrap(api.POST("/retention/run", { body: { dry_run: isDryRun } })),
    onSuccess: () => client.invalidateQueries({ queryKey: retentionQuery.queryKey }),
  });
}
