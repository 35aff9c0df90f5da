import { describe, expect, it } from "vitest";

import { evenTop } from "./evenTop";

describe("evenTop", () => {
  it("is round, even, and not far above", () => {
    expect([0, 1, 3, 5, 7, 9].map(evenTop)).toEqual([2, 2, 4, 6, 8, 10]);
    expect([10, 57, 61, 99, 100, 101].map(evenTop)).toEqual([10, 60, 80, 100, 100, 200]);
  });

  it("holds all", () => {
    for (let most = 1; most < 2000; most += 7) {
      expect(evenTop(most)).toBeGreaterThanOrEqual(most);
      expect(evenTop(most) % 2).toBe(0);
    }
  });
});
