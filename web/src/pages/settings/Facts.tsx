import type { ReactNode } from "react";

import classes from "./Facts.module.css";

export type Fact = { label: string; value: ReactNode; note?: string };

/** Names and values side by side, one below the other on a phone. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className={classes.facts}>
      {facts.map((fact) => (
        <div key={fact.label} className={classes.fact}>
          <dt className={classes.label}>{fact.label}</dt>
          <dd className={classes.value}>
            {fact.value}
            {fact.note && <div className={classes.note}>{fact.note}</div>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
