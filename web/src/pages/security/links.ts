/** Where the events of a detection are: its link as the Explorer's search. */

export interface EventsSearch {
  q?: string;
  start_date?: string;
  end_date?: string;
}

/** What a `search_link` asks for. Only its question is taken: it leads to the Explorer, always. */
export function toEventsSearch(link: string): EventsSearch {
  const question = new URLSearchParams(link.slice(link.indexOf("?") + 1));
  const search: EventsSearch = {};
  for (const name of ["q", "start_date", "end_date"] as const) {
    const value = question.get(name);
    if (value !== null && value !== "") {
      search[name] = name === "end_date" ? justAfter(value) : value;
    }
  }
  return search;
}

/** An end in whole milliseconds, as the console has them, that leaves nothing out. */
function justAfter(end: string): string {
  const moment = Date.parse(end);
  return Number.isNaN(moment) ? end : new Date(moment + 1).toISOString();
}

// What needs no quotes in the language of the search, whatever the field.
const BARE = /^[\w@.-]+$/;

/** One term of the search's language: `ip_address:203.0.113.7`, `user:"a b"`. */
export function toTerm(field: string, value: string): string {
  const quoted = BARE.test(value) ? value : `"${value.replace(/[\\"]/g, (sign) => `\\${sign}`)}"`;
  return `${field}:${quoted}`;
}
