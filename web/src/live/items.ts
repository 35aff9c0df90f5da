/** What the live feed brings, as it is handed from tab to tab: plain values only. */
import type { Event } from "../api/event";
import type { components } from "../api/schema";

export type WireProblem = Partial<components["schemas"]["Problem"]>;

/**
 * - `connecting`: no answer yet, or none any more; it is tried again.
 * - `live`: connected.
 * - `crowded`: this browser has as many streams open as it may; waits for one to close.
 * - `stopped`: it will not be tried again, for the reason in `problem`.
 */
export type Phase = "connecting" | "live" | "crowded" | "stopped";

export interface LiveState {
  phase: Phase;
  problem: WireProblem | null;
}

/** Events that were not brought: how many (null: nobody knows), and why. */
export interface Gap {
  count: number | null;
  why: "slow" | "expired";
}

export interface Notification {
  id: string;
  title: string;
  text: string;
  severity: string;
  url: string;
  /** Empty where it is about something else. */
  detection_id: string;
}

export interface Detection {
  id: string;
  /** The word of its history for what happened to it. */
  what: string;
  rule_title: string;
  severity: string;
  group: string;
  count: number;
  url: string;
}

export type Notice =
  | { kind: "notification"; notification: Notification }
  | { kind: "detection"; detection: Detection };

/** One step of the feed. `cursor` is the place after it. */
export type Item =
  | { kind: "events"; cursor: string; events: Event[] }
  | { kind: "gap"; cursor: string | null; gap: Gap; others: number }
  | { kind: "notice"; notice: Notice }
  | { kind: "state"; state: LiveState }
  | { kind: "pulse"; cursor: string | null };
