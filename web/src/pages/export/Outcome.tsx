import type { ReactNode } from "react";

import classes from "./Export.module.css";

interface OutcomeProps {
  kind: "good" | "bad" | "notice";
  icon: ReactNode;
  title?: string;
  children: ReactNode;
}

/** What became of the export, or what to know before. What is bad is read out at once. */
export function Outcome({ kind, icon, title, children }: OutcomeProps) {
  return (
    <div
      className={`${classes.outcome ?? ""} ${classes[kind] ?? ""}`}
      role={kind === "bad" ? "alert" : "status"}
    >
      <span className={classes.icon} aria-hidden>
        {icon}
      </span>
      <div className={classes.words}>
        {title !== undefined && <p className={classes.rows}>{title}</p>}
        {children}
      </div>
    </div>
  );
}
