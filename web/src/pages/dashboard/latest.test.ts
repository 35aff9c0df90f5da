import { describe, expect, it } from "vitest";

import type { Event } from "../../api/event";
import { merged } from "./latest";

function event(id: string, timestamp: string): Event {
  return { id, timestamp } as Event;
}

const early = event("a", "2026-11-24T10:00:00Z");
const late = event("b", "2026-11-24T10:00:01.5Z");
const latest = event("c", "2026-11-24T10:00:02Z");

describe("merged", () => {
  it("puts what arrived by its own time, the newest first", () => {
    expect(merged([latest, early], [late], 50).map((each) => each.id)).toEqual(["c", "b", "a"]);
  });

  it("keeps each event once and no more than asked for", () => {
    expect(merged([late, early], [latest, late], 2).map((each) => each.id)).toEqual(["c", "b"]);
  });

  it("orders events of one instant by id, as the search does", () => {
    const twin = event("z", early.timestamp);
    expect(merged([early], [twin], 50).map((each) => each.id)).toEqual(["z", "a"]);
  });
});
