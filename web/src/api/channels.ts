/** Channels: the ways to tell. */

import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, unwrap } from "./client";
import type { components } from "./schema";

export type Channel = components["schemas"]["ChannelView"];
export type ChannelKind = components["schemas"]["ChannelKind"];
export type NewChannel = components["schemas"]["NewChannel"];
export type Target = NewChannel["target"];
export type Trial = components["schemas"]["TrialView"];

export const KINDS = [
  "email",
  "slack",
  "in_app",
  "teams",
  "mattermost",
  "webhook",
  "pagerduty",
] as const satisfies readonly ChannelKind[];

export const channelsQuery = queryOptions({
  queryKey: ["channels"],
  queryFn: async ({ signal }) => (await unwrap(api.GET("/channels", { signal }))).items,
});

export function useCreateChannel() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NewChannel) => unwrap(api.POST("/channels", { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["channels"] }),
    // The answer may hold a secret that is shown once: it must not outlive its dialog.
    gcTime: 0,
  });
}

interface ChannelChange {
  id: string;
  changes: components["schemas"]["ChannelChanges"];
}

export function useChangeChannel() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, changes }: ChannelChange) =>
      unwrap(
        api.PATCH("/channels/{channel_id}", {
          params: { path: { channel_id: id } },
          body: changes,
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ["channels"] }),
  });
}

export function useDeleteChannel() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      unwrap(api.DELETE("/channels/{channel_id}", { params: { path: { channel_id: id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["channels"] }),
  });
}

export function useTestChannel() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      unwrap(api.POST("/channels/{channel_id}/test", { params: { path: { channel_id: id } } })),
    // A test through the inbox is a notification.
    onSuccess: () => client.invalidateQueries({ queryKey: ["notifications"] }),
  });
}

interface SecretRotation {
  id: string;
  overlapHours: number;
}

export function useRotateSecret() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, overlapHours }: SecretRotation) =>
      unwrap(
        api.POST("/channels/{channel_id}/rotate-secret", {
          params: { path: { channel_id: id } },
          body: { overlap_hours: overlapHours },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ["channels"] }),
    gcTime: 0,
  });
}
