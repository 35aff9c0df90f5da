/** The signed-in person's own inbox. */

import {
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";

import { api, unwrap } from "./client";
import type { components } from "./schema";

export type Notification = components["schemas"]["NotificationView"];

const PAGE_SIZE = 50;
const LOOKS_EVERY_MS = 60_000;

export function inboxQuery(isUnreadOnly: boolean) {
  return infiniteQueryOptions({
    queryKey: ["notifications", "inbox", isUnreadOnly],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET("/me/notifications", {
          params: { query: { unread: isUnreadOnly, limit: PAGE_SIZE, cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

/** How many are unread: the cheapest question that answers it. */
export const unreadQuery = queryOptions({
  queryKey: ["notifications", "unread"],
  queryFn: async ({ signal }) =>
    (await unwrap(api.GET("/me/notifications", { params: { query: { limit: 1 } }, signal })))
      .unread,
  refetchInterval: LOOKS_EVERY_MS,
});

export function useMarkRead() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) =>
      unwrap(
        api.POST("/me/notifications/{notification_id}/read", {
          params: { path: { notification_id: String(id) } },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ["notifications"] }),
  });
}

export function useMarkAllRead() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api.POST("/me/notifications/read-all")),
    onSuccess: () => client.invalidateQueries({ queryKey: ["notifications"] }),
  });
}
