import type { ReactNode } from "react";

import { Panel } from "../../parts/Panel";
import classes from "./NumberedStep.module.css";

interface Props {
  number: number;
  title: string;
  hint: string;
  children: ReactNode;
}

/** One numbered step of a guided page. */
export function NumberedStep({ number, title, hint, children }: Props) {
  return (
    <Panel
      title={
        <span className={classes.title}>
          <span className={classes.number}>{number}</span>
          {title}
        </span>
      }
      counts={hint}
    >
      {children}
    </Panel>
  );
}
