import { t } from "../texts";
import { Mark } from "./Mark";
import classes from "./Shell.module.css";

/** Stands there until it is known who is signed in. */
export function ShellPending() {
  return (
    <div className={classes.pending} role="status" aria-label={t.parts.loading}>
      <Mark size={40} />
    </div>
  );
}
