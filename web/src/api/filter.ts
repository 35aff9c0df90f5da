/** The filters that searches, exports and the live feed take, as a page hands them on. */

type Value = string | number | boolean;

/** Parameters of `GET /audit-logs` by name; a list means any of them. Absent ones are left out. */
export type SearchFilter = Readonly<Record<string, Value | readonly Value[] | null | undefined>>;

/** What says how an answer is handed out, not what it is about. */
const OF_PAGES = new Set(["limit", "cursor", "offset", "order"]);
const OF_RANGE = new Set(["start_date", "end_date", "time_zone"]);

/** The filter as names and values of a URL's query, in a stable order. */
export function filterPairs(filter: SearchFilter): [string, string][] {
  const pairs = Object.entries(filter).flatMap(([name, value]): [string, string][] => {
    if (value === null || value === undefined || OF_PAGES.has(name)) {
      return [];
    }
    const values = Array.isArray(value) ? (value as readonly Value[]) : [value as Value];
    return values.map((each): [string, string] => [name, String(each)]);
  });
  const kept = pairs.filter(([, value]) => value !== "");
  return kept.sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0));
}

/** The same without a range: the live feed is from now on. */
export function livePairs(filter: SearchFilter): [string, string][] {
  return filterPairs(filter).filter(([name]) => !OF_RANGE.has(name));
}

/** The filter as the typed client wants a query: each name with its values. */
export function filterQuery(filter: SearchFilter): Record<string, string[]> {
  const query: Record<string, string[]> = {};
  for (const [name, value] of filterPairs(filter)) {
    (query[name] ??= []).push(value);
  }
  return query;
}
