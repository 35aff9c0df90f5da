import { Switch } from "@mantine/core";
import { useMemo, useState } from "react";

import type { Event } from "../../api/event";
import { Plain } from "../../parts/Plain";
import { t } from "../../texts";
import classes from "./Changes.module.css";
import { compared } from "./compare";
import { ComparisonRow } from "./ComparisonRow";
import eventClasses from "./Event.module.css";

interface ComparisonProps {
  first: Event;
  second: Event;
}

/** All fields of two events, or only those that differ. */
export function Comparison({ first, second }: ComparisonProps) {
  const [isDifferencesOnly, setDifferencesOnly] = useState(true);
  const pairs = useMemo(() => compared(first, second), [first, second]);
  const differing = pairs.filter((pair) => pair.differs);
  const shown = isDifferencesOnly ? differing : pairs;
  const words = t.event.compare;
  return (
    <>
      <div className={eventClasses.tools}>
        <Switch
          label={words.onlyDifferences}
          checked={isDifferencesOnly}
          onChange={(change) => {
            setDifferencesOnly(change.currentTarget.checked);
          }}
        />
        <span className="tk-dim" role="status">
          {words.differences(differing.length, pairs.length)}
        </span>
      </div>
      {shown.length === 0 ? (
        <p className={eventClasses.note}>{words.same}</p>
      ) : (
        <table className={classes.table}>
          <caption className="tk-visually-hidden">{words.caption}</caption>
          <thead>
            <tr>
              <th scope="col">{words.field}</th>
              <th scope="col">
                {words.first}
                <br />
                <Plain text={first.id} isMono isTruncated />
              </th>
              <th scope="col">
                {words.second}
                <br />
                <Plain text={second.id} isMono isTruncated />
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((pair) => (
              <ComparisonRow key={pair.field} pair={pair} />
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
