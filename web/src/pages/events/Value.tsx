import { t } from "../../texts";
import type { Side } from "./changesOf";
import { shownLeaf } from "./tree";
import { LongText } from "./LongText";

interface ValueProps {
  side: Side;
  className?: string;
}

/** One side of a change: the value as JSON says it, or why there is none. */
export function Value({ side, className }: ValueProps) {
  if (side.kind !== "value") {
    return <span className="tk-dim">{t.event.changes[side.kind]}</span>;
  }
  const isText = typeof side.value === "string" && side.value !== "";
  const text = isText ? shownLeaf(side.value) : JSON.stringify(side.value);
  return (
    <span className={className}>
      <LongText text={text} isMono={!isText} />
    </span>
  );
}
