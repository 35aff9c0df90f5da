import { describe, expect, it } from "vitest";

import { boundsOf, lengthOfSeconds, rangeBefore, readRange } from "./range";

const NOW = new Date("2026-11-24T12:00:00Z");

describe("boundsOf", () => {
  it.each([
    ["24h", "2026-11-23T12:00:00.000Z"],
    ["7d", "2026-11-17T12:00:00.000Z"],
    ["30d", "2026-10-25T12:00:00.000Z"],
    ["90d", "2026-08-26T12:00:00.000Z"],
  ] as const)("ends %s now", (range, start) => {
    expect(boundsOf({ range }, NOW)).toEqual({
      start_date: start,
      end_date: "2026-11-24T12:00:00.000Z",
    });
  });

  it("takes a custom range as it is", () => {
    const range = { range: "custom", from: "2026-11-01T00:00:00Z", to: "2026-11-02T00:00:00Z" };
    expect(boundsOf({ ...range, range: "custom" }, NOW)).toEqual({
      start_date: range.from,
      end_date: range.to,
    });
  });

  it("ends a custom range without an end now", () => {
    const bounds = boundsOf({ range: "custom", from: "2026-11-01T00:00:00Z" }, NOW);
    expect(bounds.end_date).toBe(NOW.toISOString());
  });

  it("knows the range of equal length before", () => {
    const bounds = boundsOf({ range: "7d" }, NOW);
    expect(lengthOfSeconds(bounds)).toBe(7 * 86_400);
    expect(rangeBefore(bounds)).toEqual({
      start_date: "2026-11-10T12:00:00.000Z",
      end_date: "2026-11-17T12:00:00.000Z",
    });
  });
});

describe("readRange", () => {
  it("reads presets", () => {
    expect(readRange({ range: "30d" })).toEqual({ range: "30d" });
  });

  it("forgets from and to beside a preset", () => {
    const search = { range: "24h", from: "2026-11-01", to: "2026-11-02" };
    expect(readRange(search)).toEqual({ range: "24h" });
  });

  it("reads a range in any offset, and dates", () => {
    const search = { range: "custom", from: "2026-11-01T02:00:00+02:00", to: "2026-11-02" };
    expect(readRange(search)).toEqual({
      range: "custom",
      from: "2026-11-01T00:00:00.000Z",
      to: "2026-11-02T00:00:00.000Z",
    });
  });

  it("keeps a range of a microsecond from becoming empty", () => {
    const search = {
      from: "2026-11-24T12:00:00.123456Z",
      to: "2026-11-24T12:00:00.123457Z",
    };
    expect(readRange(search)).toEqual({
      range: "custom",
      from: "2026-11-24T12:00:00.123Z",
      to: "2026-11-24T12:00:00.124Z",
    });
  });

  it("takes from and to alone", () => {
    expect(readRange({ from: "2026-11-01", to: "2026-11-02" }).range).toBe("custom");
  });

  it.each([
    [{}],
    [{ range: "1y" }],
    [{ range: "custom" }],
    [{ range: "custom", from: "2026-11-01" }],
    [{ range: "custom", from: "2026-11-02", to: "2026-11-01" }],
    [{ range: "custom", from: "yesterday", to: "2026-11-01" }],
    [{ range: "custom", from: "2026-13-45", to: "2026-11-01" }],
    [{ range: ["7d"], from: 5 }],
  ])("falls back from %j", (search) => {
    expect(readRange(search, { range: "24h" })).toEqual({ range: "24h" });
  });
});
