import type { ReactNode } from "react";

import { t } from "../../texts";
import classes from "./Event.module.css";
import { ValueMenu } from "./ValueMenu";

interface FactProps {
  /** The field in the search language, which is also the name of its label. */
  field: string;
  /** What is filtered for and copied; null where the event has no such value. */
  value: string | null;
  /** How it is shown. */
  children: ReactNode;
  /** Something of which there is no filter, such as a moment. */
  isFixed?: boolean;
}

/** One line of the header: a label, a value, and what can be done with it. */
export function Fact({ field, value, children, isFixed = false }: FactProps) {
  const label = t.event.fields[field] ?? field;
  return (
    <div className={classes.fact}>
      <dt className={classes.label}>{label}</dt>
      <dd className={classes.value}>
        <span className={classes.text}>{children}</span>
        {value !== null && (
          <ValueMenu label={label} field={isFixed ? undefined : field} value={value} />
        )}
      </dd>
    </div>
  );
}
