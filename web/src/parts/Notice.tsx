import type { ReactNode } from "react";

import classes from "./Notice.module.css";

export interface NoticeProps {
  icon?: ReactNode;
  title: string;
  text?: ReactNode;
  action?: ReactNode;
  isBad?: boolean;
  isCompact?: boolean;
  /** `alert` is read out at once, `status` when there is a pause. */
  role?: "alert" | "status";
}

/** What stands where content would: an icon, a line, a sentence, a way on. */
export function Notice({ icon, title, text, action, isBad, isCompact, role }: NoticeProps) {
  const names = [classes.notice, isBad && classes.bad, isCompact && classes.compact];
  return (
    <div className={names.filter(Boolean).join(" ")} role={role}>
      {icon !== undefined && !isCompact && (
        <div className={classes.icon} aria-hidden>
          {icon}
        </div>
      )}
      <p className={classes.title}>{title}</p>
      {text !== undefined && <div className={classes.text}>{text}</div>}
      {action !== undefined && <div className={classes.action}>{action}</div>}
    </div>
  );
}
