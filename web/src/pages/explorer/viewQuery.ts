import { parseSearch, stringifySearch } from "../../routing/search";
import { readExplorerSearch, type ExplorerSearch } from "./search";

/** What a saved view keeps of the address: the search, not what is open beside it. */
export function queryOfView(search: ExplorerSearch): string {
  const kept = { ...search, event: undefined, compare: undefined };
  return stringifySearch(kept).slice(1);
}

/** The address that a saved view stands for. What is no such state is dropped. */
export function searchOfView(query: string): ExplorerSearch {
  return { ...readExplorerSearch(parseSearch(query)), event: undefined, compare: undefined };
}
