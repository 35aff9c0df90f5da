import { useQueryClient } from "@tanstack/react-query";
import type { AnyRouter } from "@tanstack/react-router";
import { useEffect, useState } from "react";

const LOOK_MS = 200;
/** Looks in a row: between one answer and the questions that follow from it is a moment. */
const LOOKS = 3;

function whenIdle(run: () => void): () => void {
  // Safari has no idle callbacks.
  if (typeof window.requestIdleCallback !== "function") {
    const timer = window.setTimeout(run, 0);
    return () => {
      window.clearTimeout(timer);
    };
  }
  const handle = window.requestIdleCallback(run);
  return () => {
    window.cancelIdleCallback(handle);
  };
}

/**
 * Whether the page has come to rest once: it is loaded, has the answers that it asked for, and the
 * browser has time. What may be wanted next is fetched then, and not before.
 */
export function useQuiet(router: AnyRouter): boolean {
  const client = useQueryClient();
  const [isQuiet, setQuiet] = useState(false);
  useEffect(() => {
    if (isQuiet) {
      return undefined;
    }
    let calm = 0;
    let stopWaiting: () => void = () => undefined;
    const timer = window.setInterval(() => {
      stopWaiting();
      stopWaiting = whenIdle(() => {
        const isAtRest = router.state.status === "idle" && client.isFetching() === 0;
        calm = isAtRest ? calm + 1 : 0;
        if (calm === LOOKS) {
          setQuiet(true);
        }
      });
    }, LOOK_MS);
    return () => {
      window.clearInterval(timer);
      stopWaiting();
    };
  }, [router, client, isQuiet]);
  return isQuiet;
}
