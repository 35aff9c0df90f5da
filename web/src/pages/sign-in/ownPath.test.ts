// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";

import { ownPath } from "./ownPath";

describe("ownPath", () => {
  it.each(["/", "/explorer?action=UPDATE,DELETE", "/users/u%2F1/activity#x", "/settings"])(
    "keeps %s",
    (path) => {
      expect(ownPath(path)).toBe(path);
    },
  );

  it.each([
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "/..//evil.example",
    "https://evil.example/",
    "javascript:alert(1)",
    "explorer",
    "",
    "/login",
    "/login/2fa?next=/",
    "/sign-in#error=X",
    null,
    7,
  ])("refuses %s", (path) => {
    expect(ownPath(path)).toBeUndefined();
  });
});
