import { describe, expect, it } from "vitest";

import type { Key } from "../../api/keys";
import { isWorking, keyState } from "./keyState";

const NOW = new Date("2026-11-24T12:00:00Z");
const KEY: Key = {
  id: "361a5026bc4279b2",
  name: "collector",
  prefix: "tk_361a5026bc4279b2",
  permissions: ["event:write"],
  allow_list: [],
  created_by: null,
  replaced_by: null,
  created_at: "2026-01-01T00:00:00Z",
  expires_at: null,
  revoked_at: null,
  leaked_at: null,
  last_used_at: null,
  last_used_address: null,
};

describe("keyState", () => {
  it.each([
    ["active", {}],
    ["active", { expires_at: "2026-12-24T12:00:00Z" }],
    ["expiring", { expires_at: "2026-11-30T12:00:00Z" }],
    ["expired", { expires_at: "2026-11-24T12:00:00Z" }],
    ["leaked", { leaked_at: "2026-11-01T00:00:00Z" }],
    ["revoked", { leaked_at: "2026-11-01T00:00:00Z", revoked_at: "2026-11-02T00:00:00Z" }],
    ["expired", { leaked_at: "2026-11-01T00:00:00Z", expires_at: "2026-11-02T00:00:00Z" }],
  ] as const)("is %s with %j", (state, change) => {
    const key = { ...KEY, ...change };
    expect(keyState(key, NOW)).toBe(state);
    expect(isWorking(key, NOW)).toBe(!["revoked", "expired"].includes(state));
  });
});
