/** Events that the stream left out for a slow reader: fetched in pages, or told to be missing. */
import type { Event } from "../api/event";
import type { Item } from "./items";

/** More than this are not fetched one after the other: nobody could read them live. */
export const MOST_FETCHED = 1_000;
const PAGE = 500;

/** The data of a `missed` frame: `url` is a search in commit order, from the first of them on. */
export interface Missed {
  count: number;
  url: string;
  others: Record<string, number>;
}
interface Page {
  items: Event[];
  next_cursor: string | null;
  has_more: boolean;
}

/** The missed events; or a gap that says how many there are, and how many frames of other kinds. */
export async function fetchMissed(
  missed: Missed,
  cursor: string | null,
  signal: AbortSignal,
): Promise<Item[]> {
  const others = Object.values(missed.others).reduce((sum, each) => sum + each, 0);
  const isFew = missed.count > 0 && missed.count <= MOST_FETCHED;
  const events = isFew ? await eventsAt(missed, signal) : null;
  const left = missed.count - (events?.length ?? 0);
  const items: Item[] = [];
  if (events !== null && events.length > 0 && cursor !== null) {
    items.push({ kind: "events", cursor, events });
  }
  if (left > 0 || others > 0) {
    items.push({ kind: "gap", cursor, gap: { count: left, why: "slow" }, others });
  }
  return items;
}

async function eventsAt(missed: Missed, signal: AbortSignal): Promise<Event[] | null> {
  const events: Event[] = [];
  const asked = new URL(missed.url, window.location.origin);
  // Only the service itself is asked, whatever the frame says.
  const url = new URL(asked.pathname + asked.search, window.location.origin);
  while (events.length < missed.count) {
    url.searchParams.set("limit", String(Math.min(PAGE, missed.count - events.length)));
    const response = await fetch(url, { headers: { Accept: "application/json" }, signal });
    if (!response.ok) {
      return null;
    }
    const page = (await response.json()) as Page;
    events.push(...page.items);
    if (!page.has_more || page.next_cursor === null) {
      return events;
    }
    url.searchParams.set("cursor", page.next_cursor);
  }
  return events;
}
