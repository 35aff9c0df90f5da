import { describe, expect, it } from "vitest";

import { formatDuration, formatRelative, formatSpan, formatTime } from "./format";

const AT = "2026-11-23T23:59:28Z";

describe("formatTime", () => {
  it("shows a moment in a zone, whatever the machine's is", () => {
    expect(formatTime(AT, "UTC")).toBe("23 Nov 2026, 23:59:28");
    expect(formatTime(AT, "Europe/Berlin", "minute")).toBe("24 Nov, 00:59");
    expect(formatTime(AT, "Asia/Kolkata", "clock")).toBe("05:29");
  });

  it("writes midnight as 00", () => {
    expect(formatTime("2026-11-23T00:00:00Z", "UTC", "clock")).toBe("00:00");
  });

  it("shows what is no time as it is", () => {
    expect(formatTime("soon", "UTC")).toBe("soon");
  });

  it("writes a span's date once within a day", () => {
    expect(formatSpan("2026-11-23T10:00:00Z", "2026-11-23T11:00:00Z", "UTC")).toBe(
      "23 Nov, 10:00 – 11:00",
    );
    expect(formatSpan("2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z", "UTC")).toBe(
      "23 Nov, 00:00 – 24 Nov, 00:00",
    );
  });
});

describe("formatRelative", () => {
  const now = new Date(AT);
  it.each([
    ["2026-11-23T23:59:27Z", "just now"],
    ["2026-11-23T23:59:16Z", "12 s ago"],
    ["2026-11-23T23:29:00Z", "30 min ago"],
    ["2026-11-23T21:00:00Z", "2 h ago"],
    ["2026-11-20T23:59:28Z", "3 d ago"],
    ["2026-11-24T01:59:28Z", "in 2 h"],
  ])("%s is %s", (at, words) => {
    expect(formatRelative(at, now)).toBe(words);
  });
});

describe("formatDuration", () => {
  it.each([
    [0, "0 s"],
    [45, "45 s"],
    [3660, "1 h 1 min"],
    [187_200, "2 d 4 h"],
  ])("%d seconds is %s", (seconds, words) => {
    expect(formatDuration(seconds)).toBe(words);
  });
});
