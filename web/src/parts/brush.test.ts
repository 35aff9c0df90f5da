import { describe, expect, it } from "vitest";

import {
  bucketAt,
  endOf,
  keysOf,
  niceTop,
  spanOf,
  tickIndexes,
  timesOf,
  totalOf,
  type Bucket,
} from "./brush";

const NONE: Record<string, number> = {};
const HOURS: Bucket[] = [0, 1, 2, 3].map((hour) => ({
  start: `2026-11-23T0${hour}:00:00Z`,
  counts: hour === 3 ? NONE : { LOGIN: hour, DELETE: 1, CUSTOM: 5 },
}));

describe("which bar", () => {
  it("is under a point", () => {
    expect(bucketAt(0, 400, 4)).toBe(0);
    expect(bucketAt(99.9, 400, 4)).toBe(0);
    expect(bucketAt(100, 400, 4)).toBe(1);
    expect(bucketAt(399, 400, 4)).toBe(3);
  });

  it("stays within the chart when the pointer leaves it", () => {
    expect(bucketAt(-50, 400, 4)).toBe(0);
    expect(bucketAt(900, 400, 4)).toBe(3);
  });

  it("is none without bars or width", () => {
    expect(bucketAt(10, 400, 0)).toBe(-1);
    expect(bucketAt(10, 0, 4)).toBe(-1);
  });
});

describe("a marked range", () => {
  it("is the same dragged either way", () => {
    expect(spanOf(3, 1)).toEqual(spanOf(1, 3));
  });

  it("is from the first bar's start to the last one's end", () => {
    expect(timesOf(HOURS, spanOf(2, 1))).toEqual({
      from: "2026-11-23T01:00:00Z",
      to: "2026-11-23T03:00:00Z",
    });
    expect(timesOf([], spanOf(0, 0))).toBeUndefined();
  });

  it("ends the newest bar where the range ends, else a step later", () => {
    expect(endOf(HOURS, 3, "2026-11-23T03:20:00Z")).toBe("2026-11-23T03:20:00Z");
    expect(endOf(HOURS, 3)).toBe("2026-11-23T04:00:00.000Z");
    expect(endOf(HOURS.slice(0, 1), 0)).toBe("2026-11-23T01:00:00.000Z");
  });
});

describe("layers", () => {
  it("are in the order asked for, then by count; what never occurs is none", () => {
    expect(keysOf(HOURS, ["CREATE", "DELETE"])).toEqual(["DELETE", "CUSTOM", "LOGIN"]);
    expect(keysOf([], ["CREATE"])).toEqual([]);
  });

  it("add up", () => {
    expect(HOURS.map(totalOf)).toEqual([6, 7, 8, 0]);
  });
});

describe("the scale", () => {
  it.each([
    [0, 1],
    [1, 1],
    [3, 3],
    [7, 8],
    [11, 15],
    [21, 25],
    [26, 30],
    [430, 500],
    [1001, 1500],
    [78_068, 80_000],
    [99_000, 100_000],
  ])("above %d ends at %d", (most, top) => {
    expect(niceTop(most)).toBe(top);
  });

  it("labels bars so that labels do not touch, nor run out", () => {
    const ticks = tickIndexes(120, 960, 80);
    expect(ticks[0]).toBe(0);
    for (const [index, tick] of ticks.entries()) {
      expect((tick / 120) * 960 + 80).toBeLessThanOrEqual(961);
      expect(
        index === 0 ? 80 : ((tick - (ticks[index - 1] ?? 0)) / 120) * 960,
      ).toBeGreaterThanOrEqual(80);
    }
    expect(tickIndexes(0, 960, 80)).toEqual([]);
  });
});
