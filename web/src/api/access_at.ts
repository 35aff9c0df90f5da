import { queryOptions } from "@tanstack/react-query";

import { api, unwrap } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type UserAccess = Schemas["UserAccessView"];
export type UserChange = Schemas["UserChangeView"];
export type ResourceAccess = Schemas["ResourceAccessView"];
export type AccessChange = Schemas["AccessChangeView"];
export type Held = Schemas["HeldView"];
export type Fact = Schemas["FactView"];
export type KeyAt = Schemas["KeyAtView"];
export type EventRef = Schemas["EventRef"];
export type LogReach = Schemas["LogReach"];

/** What a user could do at a moment; without one, now. */
export function userAccessQuery(userId: string, at?: string) {
  return queryOptions({
    queryKey: ["users", "access", userId, at ?? null],
    queryFn: ({ signal }) => {
      const params = { path: { user_id: userId }, query: { at } };
      return unwrap(api.GET("/users/{user_id}/access", { params, signal }));
    },
    placeholderData: (last) => (last?.user_id === userId ? last : undefined),
  });
}

/** Who had access to a resource at a moment, or why one user had none. */
export function resourceAccessQuery(type: string, id: string, at?: string, userId?: string) {
  return queryOptions({
    queryKey: ["resources", "access", type, id, at ?? null, userId ?? null],
    queryFn: ({ signal }) => {
      const path = { resource_type: type, resource_id: id };
      const params = { path, query: { at, user_id: userId } };
      return unwrap(api.GET("/resources/{resource_type}/{resource_id}/access", { params, signal }));
    },
    placeholderData: (last) =>
      last?.resource_type === type && last.resource_id === id ? last : undefined,
  });
}
