import type { Phase } from "../../live/items";
import { t } from "../../texts";
import classes from "./LiveMark.module.css";

const words = t.dashboard.recent;

interface LiveMarkProps {
  phase: Phase;
  isPaused: boolean;
}

/** Whether what is shown is live. */
export function LiveMark({ phase, isPaused }: LiveMarkProps) {
  const state = isPaused ? "paused" : phase;
  return (
    <span className={classes.mark} data-state={state}>
      <span className={classes.dot} aria-hidden />
      {words.phases[state]}
    </span>
  );
}
