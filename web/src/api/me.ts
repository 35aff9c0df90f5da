import { queryOptions, useMutation, useSuspenseQuery } from "@tanstack/react-query";

import { api, ME_KEY, unwrap } from "./client";
import type { components } from "./schema";

export type Me = components["schemas"]["MeView"];
export type OwnOrganization = components["schemas"]["OwnOrganizationView"];
export type Permission = components["schemas"]["Permission"];

/** Who is signed in, in which organization, and what they may do. */
export const meQuery = queryOptions({
  queryKey: ME_KEY,
  queryFn: ({ signal }) => unwrap(api.GET("/me", { signal })),
  staleTime: 60_000,
});

/** Who is signed in. Only below `appRoute`, which has it loaded before anything is shown. */
export function useMe(): Me {
  return useSuspenseQuery(meQuery).data;
}

/** Whether a permission is among those held; `manage` includes `view`. */
export function isHeld(permission: string, held: readonly string[]): boolean {
  const wider = permission.replace(/:view$/, ":manage");
  return held.includes(permission) || held.includes(wider);
}

/** Whether the signed-in person may do something, as the service would judge it. */
export function useMay(permission: Permission): boolean {
  return isHeld(permission, useMe().permissions);
}

/** Goes to another of one's own organizations. Everything that was shown is of the one before. */
export function useGoToOrganization() {
  return useMutation({
    mutationFn: (organization: string) =>
      unwrap(api.POST("/me/organization", { body: { organization } })),
    // Nothing of the organization before may be shown, nor asked for with its token.
    onSuccess: () => {
      window.location.assign("/");
    },
  });
}

export function useSignOut() {
  return useMutation({
    mutationFn: () => unwrap(api.POST("/sign-out")),
    // A new document: nothing of what was shown stays in the browser's memory.
    onSuccess: () => {
      window.location.assign("/login");
    },
  });
}
