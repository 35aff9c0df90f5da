import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, unwrap } from "./client";
import type { components } from "./schema";

export type Role = components["schemas"]["RoleView"];
export type Permission = components["schemas"]["Permission"];
export type PermissionInfo = components["schemas"]["PermissionView"];

export const rolesQuery = queryOptions({
  queryKey: ["roles"],
  queryFn: ({ signal }) => unwrap(api.GET("/roles", { signal })),
});

export const permissionsQuery = queryOptions({
  queryKey: ["permissions"],
  queryFn: ({ signal }) => unwrap(api.GET("/permissions", { signal })),
  staleTime: Infinity,
});

function useRolesChanged() {
  const client = useQueryClient();
  return async () => {
    await Promise.all([
      client.invalidateQueries({ queryKey: rolesQuery.queryKey }),
      client.invalidateQueries({ queryKey: ["me"], exact: true }),
    ]);
  };
}

export function useCreateRole() {
  const changed = useRolesChanged();
  return useMutation({
    mutationFn: (body: components["schemas"]["NewRole"]) => unwrap(api.POST("/roles", { body })),
    onSuccess: changed,
  });
}

export function useChangeRole() {
  const changed = useRolesChanged();
  return useMutation({
    mutationFn: ({ name, ...body }: { name: string } & components["schemas"]["RoleChanges"]) =>
      unwrap(api.PATCH("/roles/{name}", { params: { path: { name } }, body })),
    onSuccess: changed,
  });
}

export function useDeleteRole() {
  const changed = useRolesChanged();
  return useMutation({
    mutationFn: (name: string) =>
      unwrap(api.DELETE("/roles/{name}", { params: { path: { name } } })),
    onSuccess: changed,
  });
}
