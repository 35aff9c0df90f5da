import { useEffect, useState } from "react";

import { t } from "../../texts";
import { formatTime } from "../../time/format";
import { useZone } from "../../time/zone";
import type { Rows } from "./useRows";

export interface MarkMomentProps {
  /** RFC 3339. */
  at: string;
  loaded: Rows;
  onFound: (index: number) => void;
}

/** Finds the last event up to a moment, loading on until it is there, and says so. */
export function MarkMoment({ at, loaded, onFound }: MarkMomentProps) {
  const { rows, hasMore, isLoadingMore, loadMore } = loaded;
  const { zone } = useZone();
  // Marked once: where somebody goes from there is theirs.
  const [marked, setMarked] = useState<string | null>(null);
  const moment = Date.parse(at);
  const index = rows.findIndex((row) => Date.parse(row.timestamp) <= moment);
  const isDone = marked === at;
  if (!isDone && index >= 0) {
    setMarked(at);
  }
  useEffect(() => {
    if (isDone) onFound(index);
    // Once for each moment: rows that come later change nothing.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [isDone, at]);
  useEffect(() => {
    if (!isDone && hasMore && !isLoadingMore) loadMore();
  }, [isDone, hasMore, isLoadingMore, loadMore]);
  return (
    <span className="tk-visually-hidden" role="status">
      {isDone && t.jump.marked(formatTime(at, zone, "full"))}
    </span>
  );
}
