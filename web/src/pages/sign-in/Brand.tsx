import { Mark } from "../../shell/Mark";
import { t } from "../../texts";
import classes from "./Brand.module.css";

/** The product's mark, name and purpose. */
export function Brand() {
  return (
    <div className={classes.brand}>
      <Mark size={40} />
      <div>
        <div className={classes.name}>{t.signIn.product}</div>
        <div className={classes.purpose}>{t.signIn.purpose}</div>
      </div>
    </div>
  );
}
