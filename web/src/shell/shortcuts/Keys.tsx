import { Fragment } from "react";

import { t } from "../../texts";
import { keyPieces } from "./keys";
import classes from "./Keys.module.css";

export interface KeysProps {
  /** As a shortcut has them: `g d`, `shift+d`. */
  keys: string;
}

const isApple = /Mac|iPhone|iPad/.test(window.navigator.userAgent);
const MOD = isApple ? "⌘" : "Ctrl";

function nameOf(key: string): string {
  if (key === "mod") {
    return MOD;
  }
  const names: Partial<Record<string, string>> = t.shell.shortcuts.keys;
  return names[key] ?? key.toUpperCase();
}

/** Keys as they stand on the keyboard. */
export function Keys({ keys }: KeysProps) {
  return (
    <span className={classes.keys}>
      {keyPieces(keys).map((stroke, index) => (
        // A shortcut's keys never change places.
        <Fragment key={index}>
          {index > 0 && <span className={classes.then}>{t.shell.shortcuts.then}</span>}
          {stroke.map((key) => (
            <kbd key={key} className={classes.key}>
              {nameOf(key)}
            </kbd>
          ))}
        </Fragment>
      ))}
    </span>
  );
}
