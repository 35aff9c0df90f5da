/** Where "distribution" of a value's field leads to, wherever an event is shown. */
import { createContext, useContext } from "react";

import type { FacetField } from "../../api/events";

export type OnDistribution = (field: FacetField) => void;

export const Distributing = createContext<OnDistribution | null>(null);

/** What the page around the event does; null where there is none, and the Explorer is meant. */
export function useDistributing(): OnDistribution | null {
  return useContext(Distributing);
}
