/** The weekly review: whether it is mailed to oneself, and what it would say now. */

import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, unwrap } from "./client";
import type { components } from "./schema";

export type Review = components["schemas"]["Review"];
export type ReviewPeople = Review["silent"];
export type ReviewCount = Review["deletions"];

export const reviewChoiceQuery = queryOptions({
  queryKey: ["weekly-review", "choice"],
  queryFn: ({ signal }) => unwrap(api.GET("/me/weekly-review", { signal })),
});

export const reviewQuery = queryOptions({
  queryKey: ["weekly-review", "now"],
  queryFn: ({ signal }) => unwrap(api.GET("/weekly-review", { signal })),
});

export function useChooseReview() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (isChosen: boolean) =>
      unwrap(api.PUT("/me/weekly-review", { body: { is_chosen: isChosen } })),
    onSuccess: (choice) => client.setQueryData(reviewChoiceQuery.queryKey, choice),
  });
}
