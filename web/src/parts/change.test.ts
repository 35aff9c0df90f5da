import { expect, it } from "vitest";

import { changeOf } from "./change";

it.each([
  [120, 100, { direction: "up", share: 0.2 }],
  [75, 100, { direction: "down", share: 0.25 }],
  [5, 5, { direction: "same", share: 0 }],
  [0, 0, { direction: "same", share: 0 }],
  [7, 0, { direction: "up", share: null }],
])("%d after %d", (now, before, change) => {
  expect(changeOf(now, before)).toEqual(change);
});
