/** What to try when an export fails: less of it, or another format. */
import { FORMATS, type Export, type Format } from "../../api/exporting";
import { filterPairs } from "../../api/filter";

const OF_RANGE = new Set(["start_date", "end_date", "time_zone"]);
const MOST_FILTERS = 4;
const LEAST_MS = 2_000;

/** The newer half of the range; null where it has no beginning, or is too short to halve. */
export function newerHalf(wanted: Export, now: Date): Export | null {
  const { start_date, end_date } = wanted.filter;
  const start = Date.parse(String(start_date ?? ""));
  const isOpen = end_date === undefined || end_date === null;
  const end = isOpen ? now.getTime() : Date.parse(String(end_date));
  if (Number.isNaN(start) || Number.isNaN(end) || end - start < LEAST_MS) {
    return null;
  }
  const middle = new Date(start + (end - start) / 2).toISOString();
  return { ...wanted, filter: { ...wanted.filter, start_date: middle } };
}

/** Names of the filters that could be left out, one at a time. */
export function droppable(wanted: Export): string[] {
  const names = filterPairs(wanted.filter).map(([name]) => name);
  return [...new Set(names)].filter((name) => !OF_RANGE.has(name)).slice(0, MOST_FILTERS);
}

export function without(wanted: Export, name: string): Export {
  return { ...wanted, filter: { ...wanted.filter, [name]: undefined } };
}

export function otherFormats(format: Format): Format[] {
  return FORMATS.filter((each) => each !== format);
}
