import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";

import { api, unwrap } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type User = Schemas["UserView"];
export type Profile = Schemas["ProfileView"];
export type MemberStatus = Schemas["MemberStatus"];
export type UserSort = Schemas["UserSort"];
export type SortOrder = Schemas["SortOrder"];
export type Session = Schemas["SessionView"];
export type Viewer = Schemas["ViewerView"];

export interface UserSearch {
  search?: string;
  role?: string[];
  status?: MemberStatus[];
  sort: UserSort;
  order?: SortOrder;
}

const PAGE = 50;

export function usersQuery(search: UserSearch) {
  return infiniteQueryOptions({
    queryKey: ["users", "list", search],
    queryFn: ({ pageParam, signal }) => {
      const query = { ...search, limit: PAGE, cursor: pageParam };
      return unwrap(api.GET("/users", { params: { query }, signal }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

export function userQuery(userId: string) {
  return queryOptions({
    queryKey: ["users", "one", userId],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/users/{user_id}", { params: { path: { user_id: userId } }, signal })),
  });
}

export function sessionsQuery(userId: string) {
  return queryOptions({
    queryKey: ["users", "sessions", userId],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/users/{user_id}/sessions", { params: { path: { user_id: userId } }, signal }),
      ),
  });
}

export function viewersQuery(userId: string, days: number) {
  return queryOptions({
    queryKey: ["users", "viewers", userId, days],
    queryFn: ({ signal }) => {
      const params = { path: { user_id: userId }, query: { days } };
      return unwrap(api.GET("/users/{user_id}/viewers", { params, signal }));
    },
  });
}

/** Signs a user out in one place, or with no session named, everywhere in the organization. */
export function useSignOutUser(userId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (sessionId: string | null) => {
      const path = { user_id: userId };
      if (sessionId === null) {
        await unwrap(api.DELETE("/users/{user_id}/sessions", { params: { path } }));
        return;
      }
      const params = { path: { ...path, session_id: sessionId } };
      await unwrap(api.DELETE("/users/{user_id}/sessions/{session_id}", { params }));
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["users", "sessions", userId] }),
  });
}

const DETECTIONS = 200;

/** The newest detections whose group is a user's id or e-mail. */
export function userDetectionsQuery(userId: string, email: string | null) {
  return queryOptions({
    // Below "detections", so that triage and the live feed refresh them.
    queryKey: ["detections", "user", userId, email],
    queryFn: async ({ signal }) => {
      const names = email === null || email === userId ? [userId] : [userId, email];
      const pages = await Promise.all(
        names.map((about) =>
          unwrap(
            api.GET("/detections", { params: { query: { about, limit: DETECTIONS } }, signal }),
          ),
        ),
      );
      const byId = new Map(pages.flatMap((page) => page.items).map((each) => [each.id, each]));
      return {
        items: [...byId.values()].sort((one, other) =>
          other.opened_at.localeCompare(one.opened_at),
        ),
        hasMore: pages.some((page) => page.next_cursor !== null),
      };
    },
  });
}

export interface ActivitySearch {
  q?: string;
  start_date: string;
  end_date: string;
}

/** What one user did, the newest first; everyone may read their own. */
export function activityQuery(userId: string, search: ActivitySearch) {
  return infiniteQueryOptions({
    queryKey: ["users", "activity", userId, search],
    queryFn: ({ pageParam, signal }) => {
      const q = search.q === undefined ? undefined : [search.q];
      const query = { ...search, q, limit: PAGE, cursor: pageParam };
      const params = { path: { user_id: userId }, query };
      return unwrap(api.GET("/users/{user_id}/activity", { params, signal }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}
