import type { Event } from "../../api/event";

/** The newest `most` of both, the newest first, each once: what was sent live may be read again. */
export function merged(shown: readonly Event[], arrived: readonly Event[], most: number): Event[] {
  const known = new Map<string, Event>();
  for (const event of [...shown, ...arrived]) {
    known.set(event.id, event);
  }
  return [...known.values()].sort(newestFirst).slice(0, most);
}

// Senders write fractions of a second of any length, so times compare as times before as text.
function newestFirst(one: Event, other: Event): number {
  const byTime = Date.parse(other.timestamp) - Date.parse(one.timestamp);
  return byTime === 0 ? other.id.localeCompare(one.id) : byTime;
}
