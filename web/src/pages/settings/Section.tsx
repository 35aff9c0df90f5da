import type { ReactNode } from "react";

import { Panel } from "../../parts/Panel";
import classes from "./Section.module.css";

type Props = {
  title: string;
  description?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
};

/** One matter of a settings page, in a panel of its own. */
export function Section({ title, description, actions, children }: Props) {
  return (
    <div className={classes.section}>
      <Panel title={title} counts={description} actions={actions}>
        {children}
      </Panel>
    </div>
  );
}
