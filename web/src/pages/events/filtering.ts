/** What "filter for" and "filter out" do in an event, wherever it is shown. */
import { createContext, useContext } from "react";

import type { FilterValue } from "../../query/edit";

export type OnFilter = (field: string, value: FilterValue, isOut: boolean) => void;

export const Filtering = createContext<OnFilter | null>(null);

/** What the page around the event does; null where there is none, and the Explorer is meant. */
export function useFiltering(): OnFilter | null {
  return useContext(Filtering);
}
