import { t } from "../../texts";
import classes from "./Brand.module.css";

/** The product's mark, name and purpose. The mark is a trail of three steps, the last one seen. */
export function Brand() {
  return (
    <div className={classes.brand}>
      <svg viewBox="0 0 32 32" className={classes.mark} aria-hidden>
        <rect width="32" height="32" rx="8" className={classes.ground} />
        <path d="M7 23 L14 16 L19 19 L25 9" className={classes.trail} />
        <circle cx="7" cy="23" r="2.4" className={classes.step} />
        <circle cx="14" cy="16" r="2.4" className={classes.step} />
        <circle cx="25" cy="9" r="3.2" className={classes.step} />
      </svg>
      <div>
        <div className={classes.name}>{t.signIn.product}</div>
        <div className={classes.purpose}>{t.signIn.purpose}</div>
      </div>
    </div>
  );
}
