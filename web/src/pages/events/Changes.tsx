import type { Event } from "../../api/event";
import { Plain } from "../../parts/Plain";
import { t } from "../../texts";
import { changesOf } from "./changesOf";
import classes from "./Changes.module.css";
import eventClasses from "./Event.module.css";
import { Value } from "./Value";

/** What was changed: field, before, after. */
export function Changes({ event }: { event: Event }) {
  const rows = changesOf(event.details);
  const words = t.event.changes;
  if (rows.length === 0) {
    return (
      <p className={eventClasses.note}>
        {words.nothing} {Object.keys(event.details).length > 0 && words.nothingMore}
      </p>
    );
  }
  return (
    <table className={classes.table}>
      <caption className="tk-visually-hidden">{words.caption}</caption>
      <thead>
        <tr>
          <th scope="col">{words.field}</th>
          <th scope="col">{words.before}</th>
          <th scope="col">{words.after}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row, place) => (
          // The same field may be told of twice; rows do not move.
          <tr key={place}>
            <th scope="row">
              <Plain text={row.field} isMono />
            </th>
            <td>
              <Value side={row.before} className={classes.before} />
            </td>
            <td>
              <Value side={row.after} className={classes.after} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
