import { beforeEach, describe, expect, it } from "vitest";

import { fromWallClock, toWallClock } from "./wallClock";
import { keepZoneChoice, localZone, readZoneChoice, zoneOf } from "./zone";

beforeEach(() => {
  window.localStorage.clear();
});

describe("the zone's choice", () => {
  it("is the viewer's own at first, and then what was chosen", () => {
    expect(readZoneChoice()).toBe("local");
    keepZoneChoice("organization");
    expect(readZoneChoice()).toBe("organization");
  });

  it("is the viewer's own where the browser kept nonsense", () => {
    window.localStorage.setItem("trailkeeper.zone", "Mars/Olympus");
    expect(readZoneChoice()).toBe("local");
  });

  it("comes to a zone", () => {
    expect(localZone()).toBe("America/New_York");
    expect(zoneOf("local", "Europe/Berlin")).toBe("America/New_York");
    expect(zoneOf("utc", "Europe/Berlin")).toBe("UTC");
    expect(zoneOf("organization", "Europe/Berlin")).toBe("Europe/Berlin");
    expect(zoneOf("organization", undefined)).toBe("UTC");
  });
});

describe("wall clocks", () => {
  it.each([
    ["2026-07-01T10:00:00.000Z", "Europe/Berlin", "2026-07-01T12:00"],
    ["2026-12-01T10:00:00.000Z", "Europe/Berlin", "2026-12-01T11:00"],
    ["2026-12-01T10:00:00.000Z", "Asia/Kolkata", "2026-12-01T15:30"],
    ["2026-12-01T10:00:00.000Z", "UTC", "2026-12-01T10:00"],
    // The hour before and after summer time ends in New York.
    ["2026-11-01T04:30:00.000Z", "America/New_York", "2026-11-01T00:30"],
    ["2026-11-01T07:30:00.000Z", "America/New_York", "2026-11-01T02:30"],
  ])("%s in %s shows %s, and back", (at, zone, clock) => {
    expect(toWallClock(at, zone)).toBe(clock);
    expect(fromWallClock(clock, zone)).toBe(at);
  });

  it("knows what is no time", () => {
    expect(fromWallClock("", "UTC")).toBeUndefined();
    expect(fromWallClock("soon", "UTC")).toBeUndefined();
  });
});
