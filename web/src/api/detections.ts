/** Detections: what the rules found, and what is done with it. */

import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";

import { api, unwrap } from "./client";
import type { components } from "./schema";

export type Detection = components["schemas"]["DetectionView"];
export type DetectionDetails = components["schemas"]["DetectionDetails"];
export type DetectionState = components["schemas"]["DetectionState"];
export type Severity = components["schemas"]["Level"];
export type HistoryLine = components["schemas"]["HistoryView"];
export type Triage = components["schemas"]["DetectionChanges"];

export const STATES = ["open", "acknowledged", "resolved", "false_positive"] as const;
export const SEVERITIES = ["critical", "high", "medium", "low", "informational"] as const;

const PAGE_SIZE = 50;
/** As many events of the evidence are read and shown. */
export const EVIDENCE_READ = 50;
/** As many can be changed at once. */
export const CHANGED_AT_MOST = 200;

/** What is asked for; empty asks for all. `assignee` "" is nobody's. */
export interface DetectionFilter {
  state?: DetectionState[];
  severity?: Severity[];
  rule_id?: string;
  assignee?: string;
  /** Only those whose group has this value: a user, an address, a resource. */
  about?: string;
  start_date?: string;
  end_date?: string;
}

export function detectionsQuery(filter: DetectionFilter) {
  return infiniteQueryOptions({
    queryKey: ["detections", "list", filter],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET("/detections", {
          params: { query: { ...filter, limit: PAGE_SIZE, cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

/** How many there are by state, severity and rule; each ignores its own filter. */
export function countsQuery(filter: DetectionFilter = {}) {
  return queryOptions({
    queryKey: ["detections", "counts", filter],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/detections/counts", { params: { query: filter }, signal })),
    placeholderData: keepPreviousData,
  });
}

/** The newest detections of a rule. */
export function newestDetectionsQuery(ruleId: string, most: number) {
  return queryOptions({
    queryKey: ["detections", "newest", ruleId, most],
    queryFn: async ({ signal }) => {
      const query = { rule_id: ruleId, limit: most };
      return (await unwrap(api.GET("/detections", { params: { query }, signal }))).items;
    },
  });
}

export function detectionQuery(id: string) {
  return queryOptions({
    queryKey: ["detections", "one", id],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/detections/{detection_id}", {
          params: { path: { detection_id: id } },
          signal,
        }),
      ),
  });
}

/** The first events that a detection names as its evidence, the oldest first. */
export function evidenceQuery(detection: Detection) {
  const ids = detection.evidence.slice(0, EVIDENCE_READ);
  return queryOptions({
    queryKey: ["detections", "evidence", detection.id, ids],
    enabled: ids.length > 0,
    queryFn: async ({ signal }) => {
      const page = await unwrap(
        api.GET("/audit-logs", {
          params: { query: { q: [`id:(${ids.join(" OR ")})`], limit: EVIDENCE_READ } },
          signal,
        }),
      );
      return page.items.toSorted((one, other) => one.timestamp.localeCompare(other.timestamp));
    },
  });
}

const DAY_MS = 86_400_000;
const BEFORE_DAYS = 90;
const BEFORE_READ = 50;

/** A person's latest sign-ins that succeeded, up to and with this event. */
export function signInsBeforeQuery(userId: string, until: string) {
  return queryOptions({
    queryKey: ["detections", "sign-ins", userId, until],
    queryFn: async ({ signal }) => {
      const query = {
        q: ["action:LOGIN status:SUCCESS"],
        user_id: [userId],
        start_date: new Date(Date.parse(until) - BEFORE_DAYS * DAY_MS).toISOString(),
        end_date: until,
        limit: BEFORE_READ,
      };
      return (await unwrap(api.GET("/audit-logs", { params: { query }, signal }))).items;
    },
  });
}

export function useTriage(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (changes: Triage) =>
      unwrap(
        api.PATCH("/detections/{detection_id}", {
          params: { path: { detection_id: id } },
          body: changes,
        }),
      ),
    onSuccess: async (changed) => {
      client.setQueryData(detectionQuery(id).queryKey, changed);
      await client.invalidateQueries({ queryKey: ["detections"], refetchType: "active" });
    },
  });
}

export function useBulkTriage() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ ids, ...changes }: Triage & { ids: string[] }) =>
      unwrap(api.POST("/detections/bulk", { body: { ids, ...changes } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["detections"] }),
  });
}
