import { useRouter } from "@tanstack/react-router";
import { useEffect } from "react";

import { useQuiet } from "./useQuiet";

/** Fetches a part that may be wanted next, once the page is at rest. `load` stays the same. */
export function usePrefetch(load: () => Promise<unknown>): void {
  const isQuiet = useQuiet(useRouter());
  useEffect(() => {
    if (isQuiet) {
      // Where it cannot be had now, whoever wants it later asks again and is told.
      load().catch(() => undefined);
    }
  }, [isQuiet, load]);
}
