/** What happened around an event, as one list in the order of time. */
import type { Event, EventContext, Neighbours } from "../../api/event";
import { queryOf } from "../../query/edit";

export const WHOSE = ["user", "ip_address", "resource"] as const;
export type Whose = (typeof WHOSE)[number];

/** Half widths of the window in minutes; `all` has none. */
export const WINDOWS = ["5", "60", "1440", "all"] as const;
export type Window = (typeof WINDOWS)[number];

const MINUTE_MS = 60_000;
const LONGEST_MINUTES = 24 * 60;

/** Milliseconds from one event to another: negative before it. */
export function offsetMs(event: Event, from: Event): number {
  return Date.parse(event.timestamp) - Date.parse(from.timestamp);
}

/** Neighbours within the window, the nearest first on each side. */
export function within(neighbours: Neighbours, event: Event, window: Window): Neighbours {
  const most = window === "all" ? Infinity : Number(window) * MINUTE_MS;
  const isNear = (each: Event) => Math.abs(offsetMs(each, event)) <= most;
  return { before: neighbours.before.filter(isNear), after: neighbours.after.filter(isNear) };
}

/** Whose neighbours there can be: what the event does not name has none. */
export function hasWhose(event: Event, whose: Whose): boolean {
  if (whose === "user") {
    return event.user_id !== null;
  }
  return whose === "ip_address" ? event.ip_address !== null : event.resource_id !== null;
}

/** What is shown first: the first that the event names and that has neighbours. */
export function firstWhose(context: EventContext): Whose {
  const known = WHOSE.filter((whose) => hasWhose(context.event, whose));
  const busy = known.find((whose) => {
    const { before, after } = context[whose];
    return before.length + after.length > 0;
  });
  return busy ?? known[0] ?? "user";
}

/** The Explorer's search for the same, all of it. */
export function explorerSearch(event: Event, whose: Whose, window: Window) {
  const minutes = window === "all" ? LONGEST_MINUTES : Number(window);
  const moment = Date.parse(event.timestamp);
  const from = new Date(moment - minutes * MINUTE_MS).toISOString();
  const to = new Date(moment + minutes * MINUTE_MS + 1).toISOString();
  return { q: queryFor(event, whose), range: "custom" as const, from, to, event: event.id };
}

function queryFor(event: Event, whose: Whose): string {
  if (whose === "user") {
    return queryOf({ user_id: event.user_id ?? undefined });
  }
  if (whose === "ip_address") {
    return queryOf({ ip_address: event.ip_address ?? undefined });
  }
  return queryOf({
    resource_type: event.resource_type,
    resource_id: event.resource_id ?? undefined,
  });
}
