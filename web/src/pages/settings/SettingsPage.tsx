import type { ReactNode } from "react";

import type { Permission } from "../../api/me";
import { Gate } from "../../parts/Gate";
import { NoPermission } from "../../parts/NoPermission";
import { PageHeader } from "../../parts/PageHeader";
import classes from "./SettingsPage.module.css";

type Props = {
  title: string;
  description: string;
  actions?: ReactNode;
  /** What opening the page takes; without it, everyone may. */
  permission?: Permission;
  children: ReactNode;
};

/** The head of a page of the settings, and what is below for whoever may see it. */
export function SettingsPage({ title, description, actions, permission, children }: Props) {
  if (permission === undefined) {
    return (
      <div className={classes.page}>
        <PageHeader title={title} description={description} actions={actions} />
        {children}
      </div>
    );
  }
  return (
    <div className={classes.page}>
      <PageHeader
        title={title}
        description={description}
        actions={actions && <Gate permission={permission}>{actions}</Gate>}
      />
      <Gate permission={permission} otherwise={<NoPermission permission={permission} />}>
        {children}
      </Gate>
    </div>
  );
}
