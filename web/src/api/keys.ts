import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, unwrap } from "./client";
import type { components } from "./schema";

export type Key = components["schemas"]["KeyView"];
export type IssuedKey = components["schemas"]["IssuedKeyView"];

export const keysQuery = queryOptions({
  queryKey: ["api-keys"],
  queryFn: ({ signal }) => unwrap(api.GET("/api-keys", { signal })),
});

function useKeysChanged() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: keysQuery.queryKey });
}

export function useCreateKey() {
  const changed = useKeysChanged();
  return useMutation({
    mutationFn: (body: components["schemas"]["NewKey"]) => unwrap(api.POST("/api-keys", { body })),
    onSuccess: changed,
  });
}

export function useChangeKey() {
  const changed = useKeysChanged();
  return useMutation({
    mutationFn: ({ id, name, allowList }: { id: string; name: string; allowList: string[] }) =>
      unwrap(
        api.PATCH("/api-keys/{key_id}", {
          params: { path: { key_id: id } },
          body: { name, allow_list: allowList, confirm_lock_out: false },
        }),
      ),
    onSuccess: changed,
  });
}

export function useRotateKey() {
  const changed = useKeysChanged();
  return useMutation({
    mutationFn: ({ id, overlapHours }: { id: string; overlapHours: number }) =>
      unwrap(
        api.POST("/api-keys/{key_id}/rotate", {
          params: { path: { key_id: id } },
          body: { overlap_hours: overlapHours },
        }),
      ),
    onSuccess: changed,
  });
}

export function useRevokeKey() {
  const changed = useKeysChanged();
  return useMutation({
    mutationFn: (id: string) =>
      unwrap(api.DELETE("/api-keys/{key_id}", { params: { path: { key_id: id } } })),
    onSuccess: changed,
  });
}
