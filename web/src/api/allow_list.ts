import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, unwrap } from "./client";
import type { components } from "./schema";

export type AllowedNetwork = components["schemas"]["AllowedNetwork"];

export const allowListQuery = queryOptions({
  queryKey: ["organization", "allow-list"],
  queryFn: ({ signal }) => unwrap(api.GET("/organization/allow-list", { signal })),
});

export function useSaveAllowList() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ entries, locksOut }: { entries: AllowedNetwork[]; locksOut: boolean }) =>
      unwrap(
        api.PUT("/organization/allow-list", {
          body: { entries, confirm_lock_out: locksOut },
        }),
      ),
    onSuccess: (saved) => client.setQueryData(allowListQuery.queryKey, saved),
  });
}
