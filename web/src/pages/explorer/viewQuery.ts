import { parseSearch, stringifySearch } from "../../routing/search";
import { readExplorerSearch, type ExplorerSearch } from "./search";

/** What a saved view keeps of the address: the search, not what is open beside it. */
export function queryOfView(search: ExplorerSearch): string {
  const kept = { ...search, event: undefined, compare: undefined, distribution: undefined };
  return stringifySearch(kept).slice(1);
}

/** The address that a saved view stands for. What is no such state is dropped. */
export function searchOfView(query: string): ExplorerSearch {
  const kept = readExplorerSearch(parseSearch(query));
  return { ...kept, event: undefined, compare: undefined, distribution: undefined };
}
