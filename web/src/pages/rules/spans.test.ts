import { describe, expect, it } from "vitest";

import { toSeconds, toSpan } from "./spans";

describe("toSpan", () => {
  it("takes the largest unit", () => {
    expect(toSpan(600)).toEqual({ amount: 10, unit: 60 });
    expect(toSpan(7200)).toEqual({ amount: 2, unit: 3600 });
    expect(toSpan(86_400)).toEqual({ amount: 1, unit: 86_400 });
    expect(toSpan(90)).toEqual({ amount: 90, unit: 1 });
    expect(toSpan(0)).toEqual({ amount: 0, unit: 60 });
  });

  it("comes back", () => {
    for (const seconds of [0, 1, 59, 60, 3601, 86_400, 7_776_000]) {
      expect(toSeconds(toSpan(seconds))).toBe(seconds);
    }
  });
});
