import type { Fact } from "../../api/access_at";
import { t } from "../../texts";
import classes from "./access.module.css";
import { AccessValue } from "./AccessValue";
import { EventLine } from "./EventLine";

const words = t.users.access;

interface FactCardProps {
  label: string;
  /** Null: the log does not tell. */
  fact: Fact | null;
  onOpen: (eventId: string) => void;
}

/** One thing that held at a moment, and where that is known from. */
export function FactCard({ label, fact, onOpen }: FactCardProps) {
  return (
    <div className={classes.fact} role="group" aria-label={label}>
      <div className={classes.label}>{label}</div>
      <div className={classes.value}>
        {fact === null ? words.unknown : <AccessValue value={fact.value} />}
      </div>
      {fact !== null && <div className={classes.basis}>{words.basis[fact.basis]}</div>}
      {fact?.event && <EventLine event={fact.event} onOpen={onOpen} />}
    </div>
  );
}
