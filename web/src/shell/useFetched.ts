import { useEffect, useState } from "react";

const AGAIN_MS = 10_000;

/**
 * Whether a part that nobody asked for is there: it is fetched once `isWanted`. Where it cannot be
 * had now the page goes on without it, and it is tried again. `load` stays the same.
 */
export function useFetched(load: () => Promise<unknown>, isWanted: boolean): boolean {
  const [isThere, setThere] = useState(false);
  useEffect(() => {
    if (!isWanted || isThere) {
      return undefined;
    }
    let isOver = false;
    let timer = 0;
    const attempt = () => {
      load().then(
        () => {
          if (!isOver) setThere(true);
        },
        () => {
          if (!isOver) timer = window.setTimeout(attempt, AGAIN_MS);
        },
      );
    };
    attempt();
    return () => {
      isOver = true;
      window.clearTimeout(timer);
    };
  }, [load, isWanted, isThere]);
  return isThere;
}
