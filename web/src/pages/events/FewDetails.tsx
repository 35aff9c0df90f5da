import { useId } from "react";

import type { Event } from "../../api/event";
import { t } from "../../texts";
import classes from "./Event.module.css";
import { reasonsOf } from "./reasons";

/** Why some of the event is missing, where something is. */
export function FewDetails({ event }: { event: Event }) {
  const titleId = useId();
  const reasons = reasonsOf(event);
  if (reasons.length === 0) {
    return null;
  }
  return (
    <section className={classes.few} aria-labelledby={titleId}>
      <p id={titleId} className={classes.fewTitle}>
        {t.event.few.title}
      </p>
      <ul>
        {reasons.map((reason) => (
          <li key={reason}>{t.event.few[reason]}</li>
        ))}
      </ul>
    </section>
  );
}
