import { createContext, use } from "react";

import type { EventFilter } from "../../api/events";
import type { FilterValue } from "../../query/edit";
import type { Bounds, Range } from "../../time/range";
import type { ExplorerSearch } from "./search";

/** A filter that the page itself sets, as on a user's or a resource's own page. */
export type ExplorerScope = { user_id: string } | { resource_type: string; resource_id: string };

export interface Explorer {
  search: ExplorerSearch;
  /** The query; empty for everything. */
  q: string;
  /** Query and scope as one query: what alerts and the live feed are given. */
  wholeQuery: string;
  scope: ExplorerScope | undefined;
  bounds: Bounds;
  /** What the service is asked, in all of its answers on the page. */
  filter: EventFilter;
  /** Changes the address. `isStep: false` replaces the entry in the history. */
  set: (changes: Partial<ExplorerSearch>, how?: { isStep?: boolean }) => void;
  setQuery: (q: string) => void;
  setRange: (range: Range) => void;
  filterFor: (field: string, value: FilterValue) => void;
  filterOut: (field: string, value: FilterValue) => void;
  /** Searches up to now. */
  refresh: () => void;
}

export const ExplorerContext = createContext<Explorer | null>(null);

/** The search that the page is about. Only below `ExplorerBody`. */
export function useExplorer(): Explorer {
  const explorer = use(ExplorerContext);
  if (explorer === null) throw new Error("useExplorer is called outside of ExplorerBody");
  return explorer;
}
