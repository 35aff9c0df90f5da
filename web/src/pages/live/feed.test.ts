import { describe, expect, it } from "vitest";

import type { Event } from "../../api/event";
import { EMPTY, MOST_ROWS, stepped, withEarlier, type Feed, type Step } from "./feed";

function event(seq: number): Event {
  return { id: `e-${String(seq)}`, node: 1, node_seq: seq } as Event;
}

function events(from: number, upto: number): Step {
  const all = Array.from({ length: upto - from + 1 }, (_, place) => event(from + place));
  return { kind: "events", events: all };
}

function after(...steps: Step[]): Feed {
  return steps.reduce(stepped, EMPTY);
}

function shown(feed: Feed): string[] {
  return feed.rows.map((row) => (row.kind === "event" ? row.event.id : row.kind));
}

describe("the live list", () => {
  it("shows the newest first", () => {
    expect(shown(after(events(1, 2), events(3, 3)))).toEqual(["e-3", "e-2", "e-1"]);
  });

  it("holds while paused, counts what waits, and shows it in order afterwards", () => {
    const pause: Step = { kind: "pause", isPaused: true };
    const paused = after(events(1, 1), pause, events(2, 3), events(4, 4));
    expect(shown(paused)).toEqual(["e-1"]);
    expect(paused.waitingCount).toBe(3);
    const resumed = stepped(paused, { kind: "pause", isPaused: false });
    expect(shown(resumed)).toEqual(["e-4", "e-3", "e-2", "e-1"]);
    expect(resumed.waitingCount).toBe(0);
  });

  it("holds while scrolled down, and until both reasons are gone", () => {
    const held = after(
      { kind: "scroll", isScrolled: true },
      { kind: "pause", isPaused: true },
      events(1, 1),
      { kind: "scroll", isScrolled: false },
    );
    expect(shown(held)).toEqual([]);
    expect(shown(stepped(held, { kind: "pause", isPaused: false }))).toEqual(["e-1"]);
  });

  it("keeps a bounded list and says how many it let go", () => {
    const full = after(events(1, MOST_ROWS + 20));
    expect(full.rows).toHaveLength(MOST_ROWS);
    expect(full.dropped).toBe(20);
    expect(shown(full)[0]).toBe(`e-${String(MOST_ROWS + 20)}`);
  });

  it("counts all that waited, also what it had no room for", () => {
    const pause: Step = { kind: "pause", isPaused: true };
    const paused = after(pause, events(1, MOST_ROWS), events(5001, 5030));
    expect(paused.waitingCount).toBe(MOST_ROWS + 30);
    const resumed = stepped(paused, { kind: "pause", isPaused: false });
    expect(resumed.rows).toHaveLength(MOST_ROWS);
    expect(resumed.dropped).toBe(30);
    expect(resumed.arrived).toBe(MOST_ROWS + 30);
  });

  it("shows a gap where it was", () => {
    const gap: Step = { kind: "gap", gap: { count: 7, why: "slow" } };
    expect(shown(after(events(1, 1), gap, events(2, 2)))).toEqual(["e-2", "gap", "e-1"]);
  });

  it("puts what was before the page was opened below, each event once", () => {
    const feed = after(events(3, 4));
    const rows = withEarlier(feed.rows, [event(3), event(2), event(1)]);
    expect(rows.map((row) => (row.kind === "event" ? row.event.id : row.kind))).toEqual([
      "e-4",
      "e-3",
      "earlier",
      "e-2",
      "e-1",
    ]);
    expect(withEarlier(feed.rows, [event(3)])).toHaveLength(2);
  });
});
