/** What the live page shows: a bounded list, the newest first, and what waits while it is held. */
import type { Event } from "../../api/event";
import type { Gap } from "../../live/items";

/** More rows than these are not kept: nobody scrolls so far in what is moving. */
export const MOST_ROWS = 1_000;

export type Row =
  | { kind: "event"; key: string; event: Event }
  | { kind: "gap"; key: string; gap: Gap }
  | { kind: "earlier"; key: string };

export interface Feed {
  /** Newest first. */
  rows: Row[];
  /** What came while the list was held, newest first. */
  waiting: Row[];
  /** Events that came while it was held, also those that `waiting` has no room for. */
  waitingCount: number;
  /** Events since the page was opened. */
  arrived: number;
  /** Events that the list has let go for newer ones. */
  dropped: number;
  isPaused: boolean;
  /** Scrolled down: rows must not move under the reader. */
  isScrolled: boolean;
}

export type Step =
  | { kind: "events"; events: readonly Event[] }
  | { kind: "gap"; gap: Gap }
  | { kind: "pause"; isPaused: boolean }
  | { kind: "scroll"; isScrolled: boolean };

export const EMPTY: Feed = {
  rows: [],
  waiting: [],
  waitingCount: 0,
  arrived: 0,
  dropped: 0,
  isPaused: false,
  isScrolled: false,
};

export function isHeld(feed: Feed): boolean {
  return feed.isPaused || feed.isScrolled;
}

/** An event's place in the log: its id may come again after a week. */
export function keyOf(event: Event): string {
  return `${String(event.node)}.${String(event.node_seq)}`;
}

export function stepped(feed: Feed, step: Step): Feed {
  switch (step.kind) {
    case "events":
      return withRows(feed, step.events.map(eventRow).reverse(), step.events.length);
    case "gap":
      return withRows(feed, [gapRow(feed, step.gap)], 0);
    case "pause":
      return released({ ...feed, isPaused: step.isPaused });
    case "scroll":
      return feed.isScrolled === step.isScrolled
        ? feed
        : released({ ...feed, isScrolled: step.isScrolled });
  }
}

function eventRow(event: Event): Row {
  return { kind: "event", key: keyOf(event), event };
}

function gapRow(feed: Feed, gap: Gap): Row {
  return { kind: "gap", key: `gap ${String(feed.arrived)}`, gap };
}

function withRows(feed: Feed, fresh: Row[], events: number): Feed {
  const arrived = feed.arrived + events;
  if (isHeld(feed)) {
    const waiting = [...fresh, ...feed.waiting].slice(0, MOST_ROWS);
    return { ...feed, arrived, waiting, waitingCount: feed.waitingCount + events };
  }
  return shown({ ...feed, arrived }, fresh, 0);
}

/** Puts rows on top; `unkept` more events were waiting than could be kept. */
function shown(feed: Feed, fresh: readonly Row[], unkept: number): Feed {
  const rows = [...fresh, ...feed.rows];
  const lost = rows.slice(MOST_ROWS).filter((row) => row.kind === "event").length;
  return { ...feed, rows: rows.slice(0, MOST_ROWS), dropped: feed.dropped + lost + unkept };
}

function released(feed: Feed): Feed {
  if (isHeld(feed) || feed.waitingCount + feed.waiting.length === 0) {
    return feed;
  }
  const kept = feed.waiting.filter((row) => row.kind === "event").length;
  const unkept = feed.waitingCount - kept;
  return shown({ ...feed, waiting: [], waitingCount: 0 }, feed.waiting, unkept);
}

/** The rows, and below a mark the latest events from before the page was opened. */
export function withEarlier(rows: readonly Row[], earlier: readonly Event[]): Row[] {
  const known = new Set(rows.map((row) => row.key));
  const older = earlier.map(eventRow).filter((row) => !known.has(row.key));
  if (older.length === 0) {
    return [...rows];
  }
  const mark: Row = { kind: "earlier", key: "earlier" };
  return [...rows, mark, ...older].slice(0, MOST_ROWS);
}
