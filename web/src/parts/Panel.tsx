import { useId, type ReactNode } from "react";

import classes from "./Panel.module.css";

export interface PanelProps {
  title?: ReactNode;
  /** One line under the title: what is counted or shown. */
  counts?: ReactNode;
  /** Buttons, at the title's right. */
  actions?: ReactNode;
  /** Content up to the edge: tables and lists. */
  isFlush?: boolean;
  /** To link to it. */
  id?: string;
  children: ReactNode;
}

/** A surface with a heading; what pages are made of. */
export function Panel({ title, counts, actions, isFlush = false, id, children }: PanelProps) {
  const headingId = useId();
  const hasHead = title !== undefined || actions !== undefined;
  return (
    <section
      className={classes.panel}
      id={id}
      aria-labelledby={title === undefined ? undefined : headingId}
    >
      {hasHead && (
        <div className={classes.head}>
          <div className={classes.words}>
            {title !== undefined && (
              <h2 className={classes.title} id={headingId}>
                {title}
              </h2>
            )}
            {counts !== undefined && <p className={classes.counts}>{counts}</p>}
          </div>
          {actions !== undefined && <div className={classes.actions}>{actions}</div>}
        </div>
      )}
      <div className={isFlush ? classes.flush : classes.body}>{children}</div>
    </section>
  );
}
