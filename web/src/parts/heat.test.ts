import { expect, it } from "vitest";

import { levelOf } from "./heat";

it("tells nothing from something, and grows to the darkest", () => {
  expect(levelOf(0, 100)).toBe(0);
  expect(levelOf(1, 1_000_000)).toBe(1);
  expect(levelOf(100, 100)).toBe(5);
  expect(levelOf(0, 0)).toBe(0);
  const levels = [1, 10, 25, 50, 100].map((n) => levelOf(n, 100));
  expect(levels).toEqual([...levels].sort((a, b) => a - b));
});
