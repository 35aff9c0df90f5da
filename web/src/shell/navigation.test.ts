import { expect, it } from "vitest";

import { navigationFor } from "./navigation";

function keysFor(permissions: string[], userId = "u-1"): string[] {
  return navigationFor((permission) => permissions.includes(permission), userId)
    .flat()
    .map(({ key }) => key);
}

it("leads to what one may see", () => {
  expect(keysFor(["user:view", "detection:view", "rule:view"])).toEqual([
    "dashboard",
    "explorer",
    "live",
    "users",
    "resources",
    "analytics",
    "security",
    "rules",
    "notifications",
    "settings",
  ]);
});

it("leads those who see no one else's activity to their own", () => {
  expect(keysFor([])).toEqual(["own-activity", "notifications", "settings"]);
  expect(keysFor(["detection:view"])).toContain("security");
});
