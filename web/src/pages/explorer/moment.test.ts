import { describe, expect, it } from "vitest";

import { readMoment } from "./moment";

const BERLIN = "Europe/Berlin";
/** A Tuesday, 13:30 in Berlin. */
const NOW = new Date("2026-11-24T12:30:00Z");

describe("readMoment", () => {
  it.each([
    ["2026-11-03 14:20", "2026-11-03T13:20:00.000Z"],
    ["2026-11-03T14:20:05", "2026-11-03T13:20:05.000Z"],
    ["2026-11-03 14:20:05.250", "2026-11-03T13:20:05.250Z"],
    ["2026-11-03", "2026-11-02T23:00:00.000Z"],
    ["2026-11-03T14:20:00Z", "2026-11-03T14:20:00.000Z"],
    ["2026-11-03 14:20 UTC", "2026-11-03T14:20:00.000Z"],
    ["2026-11-03 14:20 +0100", "2026-11-03T13:20:00.000Z"],
    ["2026-11-03T14:20:00+05:30", "2026-11-03T08:50:00.000Z"],
    ["2026-11-03T14:20:00.123456Z", "2026-11-03T14:20:00.123Z"],
    ["1793713200", "2026-11-03T13:40:00.000Z"],
    ["1793713200500", "2026-11-03T13:40:00.500Z"],
    // As the table writes it.
    ["3 Nov 2026, 14:20:07", "2026-11-03T13:20:07.000Z"],
    ["3 nov, 14:20", "2026-11-03T13:20:00.000Z"],
    ["24 December 10:00", "2025-12-24T09:00:00.000Z"],
    ["yesterday 9:00", "2026-11-23T08:00:00.000Z"],
    ["Yesterday", "2026-11-22T23:00:00.000Z"],
    ["today 9:05 am", "2026-11-24T08:05:00.000Z"],
    ["yesterday 12:15 AM", "2026-11-22T23:15:00.000Z"],
    ["monday 17:30", "2026-11-23T16:30:00.000Z"],
    ["fri 17:30", "2026-11-20T16:30:00.000Z"],
    ["tuesday 17:30", "2026-11-17T16:30:00.000Z"],
    ["tuesday 9:00", "2026-11-24T08:00:00.000Z"],
    ["9:00", "2026-11-24T08:00:00.000Z"],
    ["23:15", "2026-11-23T22:15:00.000Z"],
    ["2 h ago", "2026-11-24T10:30:00.000Z"],
    ["90 minutes ago", "2026-11-24T11:00:00.000Z"],
    ["1.5d ago", "2026-11-23T00:30:00.000Z"],
    ["now", "2026-11-24T12:30:00.000Z"],
    // Summer time.
    ["2026-07-01 12:00", "2026-07-01T10:00:00.000Z"],
  ])("%s is %s", (text, at) => {
    expect(readMoment(text, BERLIN, NOW)).toEqual({ at });
  });

  it.each([
    ["", "empty"],
    ["soon", "format"],
    ["yesterday noonish", "format"],
    ["3 foo 14:20", "format"],
    ["5 ago", "format"],
    ["2026-02-30 10:00", "noSuchDay"],
    ["2026-13-01", "noSuchDay"],
    ["2026-02-30T10:00:00Z", "noSuchDay"],
    ["yesterday 25:00", "noSuchTime"],
    ["2026-11-03T25:00:00Z", "noSuchTime"],
    ["13:00 pm", "noSuchTime"],
    ["2026-03-29 02:30", "skipped"],
    ["2026-12-24", "ahead"],
    ["today 23:00", "ahead"],
  ])("%s is none: %s", (text, fault) => {
    expect(readMoment(text, BERLIN, NOW)).toEqual({ fault });
  });

  it("knows today by the zone's clock, not the machine's", () => {
    const now = new Date("2026-11-24T01:00:00Z");
    const at = "2026-11-23T17:00:00.000Z";
    expect(readMoment("today 9:00", "America/Los_Angeles", now)).toEqual({ at });
  });
});
