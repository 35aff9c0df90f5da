/** Rules, their check, their rehearsal and their import. */

import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, unwrap } from "./client";
import type { components } from "./schema";

export type Rule = components["schemas"]["RuleView"];
export type RuleForm = components["schemas"]["RuleForm"];
export type RuleText = components["schemas"]["RuleText"];
export type RuleCheck = components["schemas"]["RuleCheck"];
export type NewRule = components["schemas"]["NewRule"];
export type Located = components["schemas"]["Located"];
export type Rehearsal = components["schemas"]["RehearsalView"];
export type RehearsalResult = components["schemas"]["RehearsalResult"];
export type NewRehearsal = components["schemas"]["NewRehearsal"];
export type ImportReport = components["schemas"]["ImportView"];
export type ImportedRule = components["schemas"]["ImportedRule"];
export type ImportedFile = components["schemas"]["ImportedFile"];

const ASKS_EVERY_MS = 700;

export const rulesQuery = queryOptions({
  queryKey: ["rules", "list"],
  queryFn: async ({ signal }) => (await unwrap(api.GET("/rules", { signal }))).items,
});

export function ruleQuery(id: string) {
  return queryOptions({
    queryKey: ["rules", "one", id],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/rules/{rule_id}", { params: { path: { rule_id: id } }, signal })),
  });
}

/** Faults, warnings and the text of a draft. What cannot be read at all is an ApiProblem. */
export function checkQuery(draft: RuleText) {
  return queryOptions({
    queryKey: ["rules", "check", draft],
    queryFn: ({ signal }) => unwrap(api.POST("/rules/check", { body: draft, signal })),
    staleTime: Infinity,
    retry: false,
  });
}

/** Asks until the rehearsal is finished. */
export function rehearsalQuery(id: string) {
  return queryOptions({
    queryKey: ["rules", "rehearsal", id],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/rules/rehearsals/{rehearsal_id}", {
          params: { path: { rehearsal_id: id } },
          signal,
        }),
      ),
    refetchInterval: ({ state }) => (state.data?.finished_at === null ? ASKS_EVERY_MS : false),
  });
}

export function useRehearse() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NewRehearsal) => unwrap(api.POST("/rules/rehearse", { body })),
    onSuccess: (asked) => client.setQueryData(rehearsalQuery(asked.id).queryKey, asked),
  });
}

export function useCreateRule() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NewRule) => unwrap(api.POST("/rules", { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["rules", "list"] }),
  });
}

export function useReplaceRule(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: RuleText) =>
      unwrap(api.PUT("/rules/{rule_id}", { params: { path: { rule_id: id } }, body })),
    onSuccess: async (replaced) => {
      client.setQueryData(ruleQuery(id).queryKey, replaced);
      await client.invalidateQueries({ queryKey: ["rules", "list"] });
    },
  });
}

interface RuleChange {
  id: string;
  changes: components["schemas"]["RuleChanges"];
}

export function useChangeRule() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, changes }: RuleChange) =>
      unwrap(api.PATCH("/rules/{rule_id}", { params: { path: { rule_id: id } }, body: changes })),
    onSuccess: (changed) => {
      client.setQueryData(ruleQuery(changed.id).queryKey, changed);
      client.setQueryData(rulesQuery.queryKey, (rules) =>
        rules?.map((rule) => (rule.id === changed.id ? changed : rule)),
      );
    },
  });
}

export function useDeleteRule() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      unwrap(api.DELETE("/rules/{rule_id}", { params: { path: { rule_id: id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["rules", "list"] }),
  });
}

export function useImportRules() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: components["schemas"]["NewImport"]) =>
      unwrap(api.POST("/rules/import", { body })),
    onSuccess: async (report) => {
      if (report.kept.length > 0) {
        await client.invalidateQueries({ queryKey: ["rules", "list"] });
      }
    },
  });
}
