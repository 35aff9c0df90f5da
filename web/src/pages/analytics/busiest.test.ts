import { describe, expect, it } from "vitest";

import { busiest } from "./busiest";

describe("busiest", () => {
  it("finds the hour with the most events, the earliest of several", () => {
    expect(
      busiest([
        [0, 3, 9],
        [9, 1, 0],
      ]),
    ).toEqual({ weekday: 0, hour: 2, count: 9 });
  });

  it("finds none where nothing happened", () => {
    expect(
      busiest([
        [0, 0],
        [0, 0],
      ]),
    ).toBeNull();
  });
});
