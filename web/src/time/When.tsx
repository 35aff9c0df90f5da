import { t } from "../texts";
import { formatRelative, formatTime } from "./format";
import { useNow } from "./useNow";
import { useZone } from "./zone";

export interface WhenProps {
  /** RFC 3339; `null` where it never happened. */
  at: string | null | undefined;
  /** `relative`: how long ago. `absolute`: date and clock. `short`: without the year. */
  kind?: "both" | "relative" | "absolute" | "short";
  /** What stands there without a moment. */
  none?: string;
}

/** A moment in the viewer's zone. What is not written stands in its title, with the zone. */
export function When({ at, kind = "relative", none = t.parts.when.never }: WhenProps) {
  const { zone, label } = useZone();
  const now = useNow();
  if (at === null || at === undefined) {
    return <span className="tk-dim">{none}</span>;
  }
  const absolute = formatTime(at, zone, "full");
  const relative = formatRelative(at, now);
  const title = `${absolute} ${label} · ${relative}`;
  return (
    <time dateTime={at} title={title} className="tk-num">
      {kind === "relative" && relative}
      {kind === "short" && formatTime(at, zone, "short")}
      {(kind === "absolute" || kind === "both") && absolute}
      {kind === "both" && <span className="tk-dim"> · {relative}</span>}
    </time>
  );
}
