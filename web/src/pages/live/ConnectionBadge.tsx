import { Tooltip } from "@mantine/core";

import type { Phase } from "../../live/items";
import { t } from "../../texts";
import classes from "./Live.module.css";

interface ConnectionBadgeProps {
  phase: Phase;
  isPaused: boolean;
}

/** How the connection stands, in a word and a colour; its title says what that means. */
export function ConnectionBadge({ phase, isPaused }: ConnectionBadgeProps) {
  const shown = isPaused && phase === "live" ? "paused" : phase;
  return (
    <Tooltip label={t.live.phaseTitles[shown]} multiline w={260}>
      <span className={`${classes.state ?? ""} ${classes[shown] ?? ""}`} role="status" tabIndex={0}>
        <span className={classes.dot} aria-hidden />
        {t.live.phases[shown]}
      </span>
    </Tooltip>
  );
}
