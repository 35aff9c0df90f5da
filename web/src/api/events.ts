/** Events: pages by cursor, counts by value, counts over time. */

import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";

import { api, unwrap } from "./client";
import type { components, operations } from "./schema";

type Schemas = components["schemas"];
export type Coverage = Schemas["Coverage"];
export type Facet = Schemas["Facet"];
export type HistogramData = Schemas["Histogram"];
export type FacetField = NonNullable<
  NonNullable<operations["AuditLogsFacetsShowFacets"]["parameters"]["query"]>["field"]
>[number];
export type Interval = "minute" | "hour" | "day" | "week" | "month";

/** What is asked for: the parameters that all reads of the log take. */
export interface EventFilter {
  q?: string[];
  start_date: string;
  end_date: string;
  user_id?: string[];
  resource_type?: string[];
  resource_id?: string[];
}

export interface Place {
  country: string | null;
  city: string | null;
  latitude: number | null;
  longitude: number | null;
}

export interface Agent {
  browser: string | null;
  os: string | null;
  device: string | null;
}

/** What the table needs of an event: a hundred thousand of them must fit into a browser. */
export interface EventRow {
  id: string;
  timestamp: string;
  action: string;
  resource_type: string;
  resource_id: string | null;
  resource_name: string | null;
  user_id: string | null;
  user_email: string | null;
  on_behalf_of: string | null;
  status: string;
  source: string;
  ip_address: string | null;
  place: Place;
  agent: Agent;
}

export interface RowPage {
  rows: EventRow[];
  total: number | null;
  next: string | null;
  coverage: Coverage;
}

/** As many rows as a table loads, and a scroll bar can still be used with. */
export const MOST_ROWS = 100_000;
const FIRST_PAGE = 100;
const FURTHER_PAGE = 1000;
const KEEP_ROWS_MS = 60_000;

/** The same text (or object) is kept once, however many rows have it. */
class Pool {
  private readonly texts = new Map<string, string>();
  private readonly places = new Map<string, Place>();
  private readonly agents = new Map<string, Agent>();

  text<T extends string | null>(text: T): T {
    if (text === null) return text;
    const kept = this.texts.get(text);
    if (kept !== undefined) return kept as T;
    this.texts.set(text, text);
    return text;
  }

  place({ country, city, latitude, longitude }: Schemas["Enrichment"]): Place {
    const key = `${country ?? ""}\n${city ?? ""}\n${String(latitude)} ${String(longitude)}`;
    const kept = this.places.get(key) ?? { country, city, latitude, longitude };
    this.places.set(key, kept);
    return kept;
  }

  agent({ browser, os, device }: Schemas["Enrichment"]): Agent {
    const key = `${browser ?? ""}\n${os ?? ""}\n${device ?? ""}`;
    const kept = this.agents.get(key) ?? { browser, os, device };
    this.agents.set(key, kept);
    return kept;
  }
}

function toRow(event: Schemas["Event"], pool: Pool): EventRow {
  return {
    id: event.id,
    timestamp: event.timestamp,
    action: pool.text(event.action),
    resource_type: pool.text(event.resource_type),
    resource_id: pool.text(event.resource_id),
    resource_name: pool.text(event.resource_name),
    user_id: pool.text(event.user_id),
    user_email: pool.text(event.user_email),
    on_behalf_of: pool.text(event.on_behalf_of),
    status: pool.text(event.status),
    source: pool.text(event.source),
    ip_address: pool.text(event.ip_address),
    place: pool.place(event.enrich),
    agent: pool.agent(event.enrich),
  };
}

export function loadedRows(pages: readonly RowPage[]): number {
  return pages.reduce((sum, page) => sum + page.rows.length, 0);
}

/** Pages of rows, the newest first: a short one to look at, then long ones, up to MOST_ROWS. */
export function eventsQuery(filter: EventFilter) {
  const pool = new Pool();
  return infiniteQueryOptions({
    queryKey: ["events", "list", filter],
    queryFn: async ({ pageParam, signal }): Promise<RowPage> => {
      const limit = pageParam === undefined ? FIRST_PAGE : FURTHER_PAGE;
      const query = { ...filter, limit, cursor: pageParam };
      const page = await unwrap(api.GET("/audit-logs", { params: { query }, signal }));
      return {
        rows: page.items.map((event) => toRow(event, pool)),
        total: page.total,
        next: page.next_cursor,
        coverage: page.coverage,
      };
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page, pages) =>
      loadedRows(pages) >= MOST_ROWS ? undefined : (page.next ?? undefined),
    placeholderData: keepPreviousData,
    // The bounds are part of the key: within them, what was read stays as it is.
    staleTime: Infinity,
    gcTime: KEEP_ROWS_MS,
    // Comparing all loaded rows with each page that comes would take longer than the page.
    structuralSharing: false,
  });
}

/** Each field's most frequent values. A facet ignores the filter on its own field. */
export function facetsQuery(filter: EventFilter, fields: readonly FacetField[], limit = 10) {
  return queryOptions({
    queryKey: ["events", "facets", filter, fields, limit],
    queryFn: ({ signal }) => {
      const query = { ...filter, field: [...fields], limit };
      return unwrap(api.GET("/audit-logs/facets", { params: { query }, signal }));
    },
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });
}

/** Counts over time by action, in buckets on calendar boundaries of the time zone. */
export function histogramQuery(filter: EventFilter, interval: Interval, zone: string) {
  return queryOptions({
    queryKey: ["events", "histogram", filter, interval, zone],
    queryFn: ({ signal }) => {
      const query = { ...filter, interval, by: "action" as const, time_zone: zone };
      return unwrap(api.GET("/audit-logs/histogram", { params: { query }, signal }));
    },
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });
}

/** How many events match, and none of them. */
export function totalQuery(filter: EventFilter) {
  return queryOptions({
    queryKey: ["events", "total", filter],
    queryFn: async ({ signal }) => {
      const query = { ...filter, limit: 1 };
      const page = await unwrap(api.GET("/audit-logs", { params: { query }, signal }));
      return page.total ?? 0;
    },
    staleTime: Infinity,
  });
}
