import { describe, expect, it } from "vitest";

import type { Rehearsal, RehearsalResult } from "../../api/rules";
import { perWeek, toBuckets } from "./rehearsal";

const RESULT: RehearsalResult = {
  detections: 5,
  events: 40,
  by_day: [
    { day: "2026-11-22", count: 2 },
    { day: "2026-11-24", count: 3 },
  ],
  by_group: [],
  first: [],
};
const REHEARSAL: Rehearsal = {
  id: "r",
  title: "",
  days: 3,
  state: "done",
  done: 1,
  total: 1,
  result: RESULT,
  error: "",
  created_by: "u",
  created_at: "2026-11-24T10:30:00Z",
  finished_at: "2026-11-24T10:30:01Z",
};

describe("toBuckets", () => {
  it("has every day that was looked at, with its count", () => {
    const days = toBuckets(REHEARSAL, RESULT).map((each) => [each.start, each.counts.detections]);
    expect(days).toEqual([
      ["2026-11-21T00:00:00.000Z", 0],
      ["2026-11-22T00:00:00.000Z", 2],
      ["2026-11-23T00:00:00.000Z", 0],
      ["2026-11-24T00:00:00.000Z", 3],
    ]);
  });

  it("loses no detection", () => {
    const counts = toBuckets(REHEARSAL, RESULT).map((each) => each.counts.detections);
    expect(counts.reduce((sum, each) => sum + each)).toBe(RESULT.detections);
  });
});

describe("perWeek", () => {
  it("is the mean over the days", () => {
    expect(perWeek({ ...REHEARSAL, days: 7 }, RESULT)).toBe(5);
  });
});
