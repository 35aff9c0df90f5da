/** Exports: how many rows there will be, and the stream of them. */
import { queryOptions } from "@tanstack/react-query";

import { api, unwrap } from "./client";
import { filterPairs, filterQuery, type SearchFilter } from "./filter";
import { ApiProblem, problemOf } from "./problem";

export const FORMATS = ["csv", "json", "ndjson"] as const;
export type Format = (typeof FORMATS)[number];
export type Order = "desc" | "asc";

export interface Export {
  filter: SearchFilter;
  format: Format;
  order: Order;
  /** CSV only: begin with a byte order mark. */
  hasBom: boolean;
}

/** What an export says of itself at its end; without it, it was interrupted. */
export interface Summary {
  rows: number;
  complete: boolean;
  committed_upto: string;
}

/** How many events match now. */
export function exportCountQuery(filter: SearchFilter) {
  return queryOptions({
    queryKey: ["exporting", "count", filterPairs(filter)],
    queryFn: async ({ signal }) => {
      const query = { ...filterQuery(filter), limit: 1 } as never;
      return (await unwrap(api.GET("/audit-logs", { params: { query }, signal }))).total;
    },
    // What is shown before an export must be of now.
    staleTime: 0,
    gcTime: 0,
  });
}

/** The path and query of an export, from the service's root. */
export function exportPath({ filter, format, order, hasBom }: Export): string {
  const pairs: [string, string][] = [["format", format], ...filterPairs(filter)];
  if (order !== "desc") {
    pairs.push(["order", order]);
  }
  if (format === "csv" && hasBom) {
    pairs.push(["bom", "true"]);
  }
  return `/audit-logs/export?${new URLSearchParams(pairs).toString()}`;
}

/** Begins an export. Throws ApiProblem where the service refuses it or does not answer. */
export async function beginExport(wanted: Export, signal: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(exportPath(wanted), { credentials: "same-origin", signal });
  } catch (reason) {
    if (reason instanceof TypeError) {
      throw new ApiProblem({ status: 0, code: "NO_ANSWER", detail: reason.message });
    }
    throw reason;
  }
  if (!response.ok) {
    const text = await response.text();
    throw problemOf(jsonOr(text), response);
  }
  return response;
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
