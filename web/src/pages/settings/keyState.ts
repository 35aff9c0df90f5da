import type { Key } from "../../api/keys";

export type KeyState = "active" | "expiring" | "expired" | "revoked" | "leaked";

const SOON_MS = 7 * 24 * 3600 * 1000;

/** What is most important to know of a key now. */
export function keyState(key: Key, now: Date): KeyState {
  if (key.revoked_at !== null) return "revoked";
  const left = key.expires_at === null ? Infinity : Date.parse(key.expires_at) - now.getTime();
  if (left <= 0) return "expired";
  if (key.leaked_at !== null) return "leaked";
  return left < SOON_MS ? "expiring" : "active";
}

/** Whether it still lets anybody in. */
export function isWorking(key: Key, now: Date): boolean {
  return !["revoked", "expired"].includes(keyState(key, now));
}
