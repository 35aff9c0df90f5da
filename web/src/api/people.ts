import {
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";

import { api, unwrap } from "./client";
import type { components } from "./schema";

export type Member = components["schemas"]["UserView"];
export type Invitation = components["schemas"]["InvitationView"];
export type DeletedUser = components["schemas"]["DeletedUser"];
export type UserChanges = components["schemas"]["UserChanges"];
export type Viewer = components["schemas"]["ViewerView"];

export type MemberFilter = {
  search?: string | undefined;
  role?: string | undefined;
  status?: "active" | "disabled" | undefined;
};

const PAGE_SIZE = 50;

/** Who has or had an account here; whom only events know is no member. */
export function membersQuery(filter: MemberFilter) {
  return infiniteQueryOptions({
    queryKey: ["users", "members", filter],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET("/users", {
          params: {
            query: {
              search: filter.search,
              role: filter.role ? [filter.role] : undefined,
              status: filter.status ? [filter.status] : ["active", "disabled"],
              sort: "name",
              limit: PAGE_SIZE,
              cursor: pageParam,
            },
          },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

/** Active members of a role, for short lists to choose from. */
export function activeMembersQuery(role: string) {
  return queryOptions({
    queryKey: ["users", "active", role],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/users", {
          params: { query: { role: [role], status: ["active"], sort: "name", limit: 500 } },
          signal,
        }),
      ),
  });
}

export const invitationsQuery = queryOptions({
  queryKey: ["invitations"],
  queryFn: ({ signal }) => unwrap(api.GET("/invitations", { signal })),
});

/** Who looked at one's own activity in the last `days`. */
export function ownViewersQuery(days: number) {
  return queryOptions({
    queryKey: ["me", "viewers", days],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/me/viewers", { params: { query: { days } }, signal })),
  });
}

export function usePeopleChanged() {
  const client = useQueryClient();
  return async () => {
    await Promise.all([
      client.invalidateQueries({ queryKey: ["users"] }),
      client.invalidateQueries({ queryKey: invitationsQuery.queryKey }),
      client.invalidateQueries({ queryKey: ["roles"] }),
      client.invalidateQueries({ queryKey: ["me"], exact: true }),
    ]);
  };
}

export function useInvite() {
  const changed = usePeopleChanged();
  return useMutation({
    mutationFn: (body: components["schemas"]["NewInvitation"]) =>
      unwrap(api.POST("/invitations", { body })),
    onSuccess: changed,
  });
}

export function useResendInvitation() {
  const changed = usePeopleChanged();
  return useMutation({
    mutationFn: (userId: string) =>
      unwrap(api.POST("/invitations/{user_id}/resend", { params: { path: { user_id: userId } } })),
    onSuccess: changed,
  });
}

export function useRevokeInvitation() {
  const changed = usePeopleChanged();
  return useMutation({
    mutationFn: (userId: string) =>
      unwrap(api.DELETE("/invitations/{user_id}", { params: { path: { user_id: userId } } })),
    onSuccess: changed,
  });
}

export function useChangeUser() {
  const changed = usePeopleChanged();
  return useMutation({
    mutationFn: ({ userId, changes }: { userId: string; changes: UserChanges }) =>
      unwrap(
        api.PATCH("/users/{user_id}", { params: { path: { user_id: userId } }, body: changes }),
      ),
    onSuccess: changed,
  });
}

/** Whoever calls it says that people changed, once it has shown which keys go on working. */
export function useDeleteUser() {
  return useMutation({
    mutationFn: ({ userId, revokesKeys }: { userId: string; revokesKeys: boolean }) =>
      unwrap(
        api.DELETE("/users/{user_id}", {
          params: { path: { user_id: userId }, query: { revoke_keys: revokesKeys } },
        }),
      ),
  });
}

export function useResetFactors() {
  return useMutation({
    mutationFn: (userId: string) =>
      unwrap(
        api.DELETE("/users/{user_id}/second-factors", { params: { path: { user_id: userId } } }),
      ),
  });
}

export function useSignOutUser() {
  return useMutation({
    mutationFn: (userId: string) =>
      unwrap(api.DELETE("/users/{user_id}/sessions", { params: { path: { user_id: userId } } })),
  });
}
