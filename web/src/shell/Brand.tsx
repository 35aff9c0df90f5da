import { t } from "../texts";
import { Mark } from "./Mark";
import classes from "./Shell.module.css";

/** The product's sign and name. */
export function Brand() {
  return (
    <span className={classes.brand}>
      <Mark />
      {t.shell.product}
    </span>
  );
}
