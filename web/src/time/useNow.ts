import { useSyncExternalStore } from "react";

const DEFAULT_MS = 30_000;

interface Clock {
  subscribe: (listener: () => void) => () => void;
  read: () => Date;
}

function makeClock(everyMs: number): Clock {
  const listeners = new Set<() => void>();
  let now = new Date();
  let timer: number | undefined;

  function tick(): void {
    now = new Date();
    for (const listener of listeners) {
      listener();
    }
  }

  function subscribe(listener: () => void): () => void {
    listeners.add(listener);
    if (timer === undefined) {
      now = new Date();
      timer = window.setInterval(tick, everyMs);
    }
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) {
        window.clearInterval(timer);
        timer = undefined;
      }
    };
  }

  return { subscribe, read: () => now };
}

const clocks = new Map<number, Clock>();

function clockOf(everyMs: number): Clock {
  const clock = clocks.get(everyMs) ?? makeClock(everyMs);
  clocks.set(everyMs, clock);
  return clock;
}

/** The time, anew every so often: one timer for all who ask at the same pace. */
export function useNow(everyMs: number = DEFAULT_MS): Date {
  const clock = clockOf(everyMs);
  return useSyncExternalStore(clock.subscribe, clock.read);
}
