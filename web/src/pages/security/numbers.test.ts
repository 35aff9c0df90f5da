import { describe, expect, it } from "vitest";

import { pieces } from "./numbers";

const numbers = (sentence: string) =>
  pieces(sentence)
    .filter((piece) => piece.isNumber)
    .map((piece) => piece.text);

describe("pieces", () => {
  it("finds distances, speeds, times and addresses as wholes", () => {
    expect(numbers("8,320 km in 2.5 h: 3,328 km/h (the rule allows 1,000 km/h).")).toEqual([
      "8,320 km",
      "2.5 h",
      "3,328 km/h",
      "1,000 km/h",
    ]);
    expect(
      numbers("Signed in from Berlin, DE (203.0.113.7) at 2026-11-17 09:12:04 UTC, then"),
    ).toEqual(["203.0.113.7", "2026-11-17 09:12:04"]);
    expect(numbers("Activity at 03:12 on Sunday, outside of 08:00-18:00 on Monday.")).toEqual([
      "03:12",
      "08:00-18:00",
    ]);
    expect(numbers("0.4% of 1,204 events on 20 days; usual is 07-19 h.")).toEqual([
      "0.4%",
      "1,204 events",
      "20 days",
      "07-19 h",
    ]);
  });

  it("leaves digits within words alone", () => {
    expect(numbers("from Kyiv, UA (2001:db8:20:12::4) at")).toEqual(["2001:db8:20:12::4"]);
    expect(numbers("by user-17 and u0049@acme.example")).toEqual([]);
    expect(numbers("user 80310f36-1db3-4104-8994-38809c9cfe98, 6 of 10.")).toEqual(["6", "10"]);
  });

  it("loses nothing", () => {
    for (const sentence of ["7 events, ip_address 203.0.113.7.", "", "no number", "1,", "12"]) {
      expect(
        pieces(sentence)
          .map((piece) => piece.text)
          .join(""),
      ).toBe(sentence);
    }
  });
});
