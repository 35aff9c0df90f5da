import { useCallback, useMemo, useState } from "react";

import { boundsOf, type Bounds, type Range } from "./range";

/**
 * The bounds of a range, the same ones until the range changes or `refresh` is called: pages of a
 * cursor, counts and charts must be about the same moment.
 */
export function useBounds(range: Range): Bounds & { refresh: () => void } {
  const { range: name, from, to } = range;
  const key = `${name} ${from ?? ""} ${to ?? ""}`;
  const [taken, setTaken] = useState(() => ({ key, now: new Date() }));
  let now = taken.now;
  if (taken.key !== key) {
    now = new Date();
    setTaken({ key, now });
  }
  const refresh = useCallback(() => {
    setTaken({ key, now: new Date() });
  }, [key]);
  const bounds = useMemo(() => boundsOf({ range: name, from, to }, now), [name, from, to, now]);
  return useMemo(() => ({ ...bounds, refresh }), [bounds, refresh]);
}
