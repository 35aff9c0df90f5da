/** What the Explorer keeps in the address. Documented in docs/console.md; links rely on it. */

import type { SearchSchemaInput } from "@tanstack/react-router";

import type { FacetField } from "../../api/events";
import { bothOf, queryOf } from "../../query/edit";
import { FIELDS } from "../../query/fields";
import { readList, readOneOf, readSomeOf, readText } from "../../routing/search";
import { readRange, type Range } from "../../time/range";
import { COLUMN_NAMES, type ColumnName } from "./columns";
import { ALL_FACETS } from "./preferences";

export interface ExplorerSearch extends Range {
  /** The query, in the search language. */
  q?: string;
  /** The open event. */
  event?: string;
  /** Columns, where they are not the default ones. */
  columns?: ColumnName[];
  /** Two events, side by side. */
  compare?: string[];
  /** Absent: the table. */
  view?: "map";
  /** RFC 3339; with a custom range only. The table marks the last event up to then. */
  at?: string;
  /** The field whose values are shown with their shares. */
  distribution?: FacetField;
}

/**
 * What a link to the Explorer may say: all of it is optional, fields may be named by themselves.
 */
export type ExplorerLink = Partial<ExplorerSearch> & Record<string, unknown>;

/** `action=CREATE,DELETE` and the like, as a query. */
function fieldsInAddress(raw: Record<string, unknown>): string {
  return queryOf(Object.fromEntries(FIELDS.map(({ name }) => [name, readList(raw[name])])));
}

function readAt(value: unknown): string | undefined {
  const text = readText(value);
  return text === undefined || Number.isNaN(Date.parse(text)) ? undefined : text;
}

/** The state that an address, or a link, stands for. What is no such state is dropped. */
export function readExplorerSearch(raw: ExplorerLink): ExplorerSearch {
  const compare = readList(raw.compare);
  // Links of mails and detections name the range as the API does.
  const from = raw.from ?? raw.start_date;
  const to = raw.to ?? raw.end_date;
  const range = readRange({ range: raw.range, from, to });
  return {
    q: readText(bothOf(readText(raw.q) ?? "", fieldsInAddress(raw))),
    ...range,
    event: readText(raw.event),
    columns: readSomeOf(raw.columns, COLUMN_NAMES),
    compare: compare?.length === 2 ? compare : undefined,
    view: readOneOf(raw.view, ["map"]),
    at: range.range === "custom" ? readAt(raw.at) : undefined,
    distribution: readOneOf(raw.distribution, ALL_FACETS),
  };
}

/** The same for a route: the type says that links may leave everything out. */
export function validateExplorerSearch(raw: ExplorerLink & SearchSchemaInput): ExplorerSearch {
  return readExplorerSearch(raw);
}
