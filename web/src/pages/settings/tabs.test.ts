import { describe, expect, it } from "vitest";

import { tabsFor } from "./tabs";

const paths = (...given: Parameters<typeof tabsFor>) => tabsFor(...given).map((tab) => tab.to);

describe("tabsFor", () => {
  it("shows whoever may nothing their own pages", () => {
    expect(paths({ permissions: [], must_enroll: false })).toEqual([
      "/settings/profile",
      "/settings/security",
    ]);
  });

  it("shows what a permission opens and nothing beside", () => {
    const seen = paths({ permissions: ["key:manage", "settings:view"], must_enroll: false });
    expect(seen).toEqual([
      "/settings/profile",
      "/settings/security",
      "/settings/organization",
      "/settings/api-keys",
      "/settings/retention",
    ]);
  });

  it("leaves one page to whoever has to set up a second factor", () => {
    expect(paths({ permissions: ["user:view"], must_enroll: true })).toEqual([
      "/settings/security",
    ]);
  });
});
