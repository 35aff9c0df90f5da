/** How many streams one browser may have open: HTTP/1.1 allows six connections to a host. */
import type { LiveState } from "./items";

const SLOTS = ["0", "1", "2", "3"] as const;
const NAME = "trailkeeper-live-slot-";
const LOOK_MS = 2_000;
const CROWDED: LiveState = { phase: "crowded", problem: null };

/** Runs `work` once one of the browser's slots is free; says so while there is none. */
export async function withSlot(
  signal: AbortSignal,
  say: (state: LiveState) => void,
  work: () => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    for (const slot of SLOTS) {
      const options = { ifAvailable: true };
      const had = await navigator.locks.request(NAME + slot, options, async (lock) => {
        if (lock !== null) {
          await work();
        }
        return lock !== null;
      });
      if (had) {
        return;
      }
    }
    say(CROWDED);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
