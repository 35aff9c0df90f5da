import type { EventRow } from "../../api/events";
import type { FilterValue } from "../../query/edit";

export const COLUMN_NAMES = [
  "timestamp",
  "action",
  "user",
  "resource_type",
  "resource",
  "status",
  "source",
  "ip_address",
  "place",
  "client",
  "on_behalf_of",
  "user_id",
  "resource_id",
  "id",
] as const;
export type ColumnName = (typeof COLUMN_NAMES)[number];

export const DEFAULT_COLUMNS: readonly ColumnName[] = COLUMN_NAMES.slice(0, 9);

/** Widths in pixels, and the shares of what is left over. */
const WIDTHS: Record<ColumnName, { least: number; grows: number }> = {
  timestamp: { least: 130, grows: 0 },
  action: { least: 132, grows: 0 },
  user: { least: 160, grows: 3 },
  resource_type: { least: 104, grows: 0 },
  resource: { least: 140, grows: 2 },
  status: { least: 74, grows: 0 },
  source: { least: 68, grows: 0 },
  ip_address: { least: 118, grows: 0 },
  place: { least: 120, grows: 1 },
  client: { least: 140, grows: 1 },
  on_behalf_of: { least: 160, grows: 1 },
  user_id: { least: 160, grows: 1 },
  resource_id: { least: 160, grows: 1 },
  id: { least: 290, grows: 0 },
};
export const SELECT_WIDTH = 36;

/** `grid-template-columns` of the header and of each row. */
export function gridTemplate(columns: readonly ColumnName[]): string {
  const widths = columns.map((name) => {
    const { least, grows } = WIDTHS[name];
    return grows > 0 ? `minmax(${String(least)}px, ${String(grows)}fr)` : `${String(least)}px`;
  });
  return [`${String(SELECT_WIDTH)}px`, ...widths].join(" ");
}

/** Below this width the table scrolls sideways. */
export function leastWidth(columns: readonly ColumnName[]): number {
  return columns.reduce((sum, name) => sum + WIDTHS[name].least, SELECT_WIDTH);
}

export interface CellFilter {
  field: string;
  value: FilterValue;
}

/**
 * What "filter for" means on a cell: always what the cell shows. Times are narrowed in the chart.
 */
export function cellFilter(row: EventRow, column: ColumnName): CellFilter | undefined {
  switch (column) {
    case "timestamp":
      return undefined;
    case "user":
      if (row.user_email !== null) return { field: "user_email", value: row.user_email };
      if (row.user_id !== null) return { field: "user_id", value: row.user_id };
      return { field: "user", value: null };
    case "resource":
      return row.resource_name === null
        ? { field: "resource_id", value: row.resource_id }
        : { field: "resource_name", value: row.resource_name };
    case "place":
      return row.place.city === null
        ? { field: "country", value: row.place.country }
        : { field: "city", value: row.place.city };
    case "client":
      return row.agent.browser === null
        ? { field: "os", value: row.agent.os }
        : { field: "browser", value: row.agent.browser };
    default:
      return { field: column, value: row[column] };
  }
}

/** What stands in a cell, but for times; empty where nothing is known. */
export function cellText(row: EventRow, column: ColumnName): string {
  switch (column) {
    case "user":
      return row.user_email ?? row.user_id ?? "";
    case "resource":
      return row.resource_name ?? row.resource_id ?? "";
    case "place":
      return [row.place.city, row.place.country].filter((part) => part !== null).join(", ");
    case "client":
      return [row.agent.browser, row.agent.os].filter((part) => part !== null).join(" · ");
    default:
      return row[column] ?? "";
  }
}
