import { useQuery } from "@tanstack/react-query";

import { setupQuery } from "../api/sign_in";
import { t } from "../texts";
import classes from "./Shell.module.css";

/** Says that the activity is made up, where it is. */
export function DemoBanner() {
  const { data } = useQuery(setupQuery);
  if (data?.demo !== true) {
    return null;
  }
  return (
    <aside className={classes.demo} aria-label={t.shell.demo.label}>
      <strong>{t.shell.demo.text}</strong> <span>{t.shell.demo.detail}</span>
    </aside>
  );
}
