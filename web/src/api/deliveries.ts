/** Deliveries: alerts on their way through channels. */

import { infiniteQueryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, unwrap } from "./client";
import type { components } from "./schema";

export type Delivery = components["schemas"]["DeliveryView"];
export type DeliveryState = components["schemas"]["DeliveryState"];

export const DELIVERY_STATES = [
  "ready",
  "sending",
  "delivered",
  "failed",
  "dead",
] as const satisfies readonly DeliveryState[];

const PAGE_SIZE = 50;

export interface DeliveryFilter {
  state?: DeliveryState;
  channel?: string;
}

export function deliveriesQuery(filter: DeliveryFilter) {
  return infiniteQueryOptions({
    queryKey: ["deliveries", filter],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET("/deliveries", {
          params: { query: { ...filter, limit: PAGE_SIZE, cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

export function useRetryDelivery() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      unwrap(
        api.POST("/deliveries/{delivery_id}/retry", { params: { path: { delivery_id: id } } }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ["deliveries"] }),
  });
}
