/** Alert settings: which alerts reach whom, by which channels, and when. */

import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, unwrap } from "./client";
import type { components } from "./schema";

export type AlertSetting = components["schemas"]["AlertSettingView"];
export type AlertPlan = components["schemas"]["AlertPlan"];
export type NewAlertSetting = components["schemas"]["NewAlertSetting"];
export type QuietHours = components["schemas"]["QuietHours"];
export type Escalation = components["schemas"]["Escalation"];

export const alertSettingsQuery = queryOptions({
  queryKey: ["alert-settings", "list"],
  queryFn: async ({ signal }) => (await unwrap(api.GET("/alert-settings", { signal }))).items,
});

export function alertSettingQuery(id: string) {
  return queryOptions({
    queryKey: ["alert-settings", "one", id],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/alert-settings/{setting_id}", {
          params: { path: { setting_id: id } },
          signal,
        }),
      ),
  });
}

export function useCreateAlertSetting() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NewAlertSetting) => unwrap(api.POST("/alert-settings", { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["alert-settings"] }),
  });
}

interface AlertSettingChange {
  id: string;
  changes: components["schemas"]["AlertSettingChanges"];
}

export function useChangeAlertSetting() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, changes }: AlertSettingChange) =>
      unwrap(
        api.PATCH("/alert-settings/{setting_id}", {
          params: { path: { setting_id: id } },
          body: changes,
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ["alert-settings"] }),
  });
}

export function useDeleteAlertSetting() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      unwrap(api.DELETE("/alert-settings/{setting_id}", { params: { path: { setting_id: id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["alert-settings", "list"] }),
  });
}
