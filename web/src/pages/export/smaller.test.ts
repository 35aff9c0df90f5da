import { describe, expect, it } from "vitest";

import type { Export } from "../../api/exporting";
import { filterPairs } from "../../api/filter";
import { droppable, newerHalf, otherFormats, without } from "./smaller";

const WANTED: Export = {
  filter: {
    q: "a",
    user_id: "u",
    start_date: "2026-11-01T00:00:00Z",
    end_date: "2026-11-03T00:00:00Z",
  },
  format: "csv",
  order: "desc",
  hasBom: false,
};

describe("what to try when an export fails", () => {
  it("halves the range", () => {
    const half = newerHalf(WANTED, new Date("2026-12-01T00:00:00Z"));
    expect(half?.filter).toMatchObject({
      start_date: "2026-11-02T00:00:00.000Z",
      end_date: "2026-11-03T00:00:00Z",
      q: "a",
    });
    const open = { ...WANTED, filter: { start_date: "2026-11-01T00:00:00Z" } };
    expect(newerHalf(open, new Date("2026-11-05T00:00:00Z"))?.filter.start_date).toBe(
      "2026-11-03T00:00:00.000Z",
    );
    expect(newerHalf({ ...WANTED, filter: { q: "a" } }, new Date())).toBeNull();
  });

  it("leaves out one filter at a time, but not the range", () => {
    expect(droppable(WANTED)).toEqual(["q", "user_id"]);
    expect(filterPairs(without(WANTED, "q").filter).map(([name]) => name)).toEqual([
      "end_date",
      "start_date",
      "user_id",
    ]);
  });

  it("offers the other formats", () => {
    expect(otherFormats("csv")).toEqual(["json", "ndjson"]);
  });
});
