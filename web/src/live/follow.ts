/**
 * Follows `/live` through restarts, from the last place that is known, without loss or repeat.
 *
 * It reads the stream with `fetch`: an `EventSource` tells neither a status nor a reason, and a
 * reader must know whether to try again, to sign in, or to say what is wrong with the query.
 */
import { problemOf, type ApiProblem } from "../api/problem";
import type { Event } from "../api/event";
import type { Frame } from "./sse";
import { FrameReader } from "./sse";
import type { Detection, Item, Notification, WireProblem } from "./items";
import { fetchMissed, type Missed } from "./missed";

const LONGEST_WAIT_MS = 8_000;
const FIRST_WAIT_MS = 500;
/** The service says something every 15 seconds: after three such silences nobody is there. */
const SILENCE_MS = 45_000;
const LOST_PLACE = new Set(["CURSOR_EXPIRED", "CURSOR_MISMATCH", "INVALID_CURSOR"]);

export interface Following {
  /** Filters, as names and values of the URL. */
  pairs: readonly [string, string][];
  /** The place to go on from; null: from now on. */
  cursor: string | null;
  emit: (item: Item) => void;
  signal: AbortSignal;
}

/** How a stream ended: whether to connect again, and what to say meanwhile. */
interface Ending {
  problem: WireProblem | null;
  isFinal: boolean;
  waitMs: number | null;
}

const BROKEN: Ending = { problem: null, isFinal: false, waitMs: null };

/** Runs until the signal, or until it is told not to come again. */
export async function follow({ pairs, cursor, emit, signal }: Following): Promise<void> {
  let place = cursor;
  let failures = 0;
  const pass = (item: Item) => {
    if (!signal.aborted) {
      place = "cursor" in item && item.cursor !== null ? item.cursor : place;
      failures = item.kind === "state" && item.state.phase === "live" ? 0 : failures;
      emit(item);
    }
  };
  while (!signal.aborted) {
    const ending = await once(pairs, place, pass, signal);
    if (isOver(signal)) {
      return;
    }
    if (LOST_PLACE.has(ending.problem?.code ?? "") && place !== null) {
      place = null;
      emit({ kind: "gap", cursor: null, gap: { count: null, why: "expired" }, others: 0 });
      continue;
    }
    const phase = ending.isFinal ? "stopped" : "connecting";
    emit({ kind: "state", state: { phase, problem: ending.problem } });
    if (ending.isFinal) {
      return;
    }
    await pause(ending.waitMs ?? waitMs(failures), signal);
    failures += 1;
  }
}

/** Read anew: it may have been aborted while something was awaited. */
function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** Doubles with each failure, and is not the same for all who wait. */
export function waitMs(failures: number, chance = Math.random()): number {
  const longest = Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS);
  return longest * (0.5 + chance / 2);
}

async function once(
  pairs: Following["pairs"],
  cursor: string | null,
  pass: (item: Item) => void,
  outer: AbortSignal,
): Promise<Ending> {
  // A signal of its own, so that a silent connection can be given up alone.
  const own = new AbortController();
  const signal = AbortSignal.any([outer, own.signal]);
  let watch = setTimeout(() => {
    own.abort();
  }, SILENCE_MS);
  try {
    const query = new URLSearchParams([...pairs]);
    if (cursor !== null) {
      query.set("cursor", cursor);
    }
    const response = await fetch(`/live?${query.toString()}`, {
      headers: { Accept: "text/event-stream" },
      cache: "no-store",
      credentials: "same-origin",
      signal,
    });
    if (!response.ok || response.body === null) {
      return refused(problemOf(await bodyOf(response), response));
    }
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    const frames = new FrameReader();
    pass({ kind: "state", state: { phase: "live", problem: null } });
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return BROKEN;
      }
      clearTimeout(watch);
      watch = setTimeout(() => {
        own.abort();
      }, SILENCE_MS);
      const ending = await handed(frames.push(value), pass, signal);
      if (ending !== null) {
        await reader.cancel();
        return ending;
      }
    }
  } catch (reason) {
    if (isBreak(reason)) {
      return BROKEN;
    }
    throw reason;
  } finally {
    clearTimeout(watch);
  }
}

/** A connection that broke (TypeError), or that was given up (AbortError). */
function isBreak(reason: unknown): boolean {
  const isAbort = reason instanceof DOMException && reason.name === "AbortError";
  return isAbort || reason instanceof TypeError;
}

async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function refused(problem: ApiProblem): Ending {
  const isPassing = problem.isPassing || problem.status >= 500;
  const wait = problem.retryAfterSeconds;
  return {
    problem: wireOf(problem),
    isFinal: !isPassing && !LOST_PLACE.has(problem.code),
    waitMs: wait === null ? null : wait * 1000,
  };
}

function wireOf(problem: ApiProblem): WireProblem {
  const { status, code, title, detail, hint, field, position, expected, request_id } = problem;
  const words = { title, detail, hint, field, position, expected: [...expected] };
  return { status, code, request_id, ...words };
}

/** Hands a chunk's frames on, events that stand together as one item; an `end` ends it. */
async function handed(
  frames: readonly Frame[],
  pass: (item: Item) => void,
  signal: AbortSignal,
): Promise<Ending | null> {
  let events: Event[] = [];
  let cursor = "";
  const flush = () => {
    if (events.length > 0) {
      pass({ kind: "events", cursor, events });
      events = [];
    }
  };
  for (const frame of frames) {
    if (frame.event === "event" && frame.data !== null) {
      events.push(JSON.parse(frame.data) as Event);
      cursor = frame.id ?? cursor;
      continue;
    }
    flush();
    if (frame.event === "end" && frame.data !== null) {
      return ended(JSON.parse(frame.data) as WireProblem);
    }
    await other(frame, pass, signal);
  }
  flush();
  return null;
}

async function other(frame: Frame, pass: (item: Item) => void, signal: AbortSignal) {
  if (frame.data === null || frame.event === "position") {
    pass({ kind: "pulse", cursor: frame.id });
  } else if (frame.event === "missed") {
    const items = await fetchMissed(JSON.parse(frame.data) as Missed, frame.id, signal);
    items.forEach(pass);
  } else if (frame.event === "notification") {
    const notification = JSON.parse(frame.data) as Notification;
    pass({ kind: "notice", notice: { kind: "notification", notification } });
  } else if (frame.event === "detection") {
    const detection = JSON.parse(frame.data) as Detection;
    pass({ kind: "notice", notice: { kind: "detection", detection } });
  }
  // Other kinds may be added to the stream: what is not known is passed over.
}

function ended(problem: WireProblem): Ending {
  const status = problem.status ?? 0;
  return { problem, isFinal: status === 401 || status === 403, waitMs: null };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    signal.addEventListener("abort", finish);
  });
}
