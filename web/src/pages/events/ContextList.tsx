import type { Event, Neighbours } from "../../api/event";
import { t } from "../../texts";
import classes from "./Context.module.css";
import { ContextRow } from "./ContextRow";

interface ContextListProps {
  event: Event;
  neighbours: Neighbours;
  onOpen: (id: string) => void;
  onCompare: (id: string) => void;
}

/** The event between its neighbours, the newest first. */
export function ContextList({ event, neighbours, onOpen, onCompare }: ContextListProps) {
  const after = [...neighbours.after].reverse();
  const row = (each: Event) => (
    <ContextRow
      key={`${String(each.node)}.${String(each.node_seq)}`}
      event={each}
      from={event}
      onOpen={onOpen}
      onCompare={onCompare}
    />
  );
  return (
    <ul className={classes.list} aria-label={t.event.context.label}>
      {after.length === 0 && <li className={classes.edge}>{t.event.context.nothingAfter}</li>}
      {after.map(row)}
      {row(event)}
      {neighbours.before.map(row)}
      {neighbours.before.length === 0 && (
        <li className={classes.edge}>{t.event.context.nothingBefore}</li>
      )}
    </ul>
  );
}
