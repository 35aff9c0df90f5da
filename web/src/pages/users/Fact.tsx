import type { ReactNode } from "react";

import classes from "./ProfileHead.module.css";

/** One thing that is known of a user, with its label. */
export function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <span>
      <span className={classes.label}>{label} </span>
      {children}
    </span>
  );
}
