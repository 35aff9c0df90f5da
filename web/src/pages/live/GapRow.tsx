import { Anchor } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";

import type { Gap } from "../../live/items";
import { t } from "../../texts";
import classes from "./Live.module.css";

interface GapRowProps {
  gap: Gap;
  q: string;
}

/** Events that are not shown between those above and those below. */
export function GapRow({ gap, q }: GapRowProps) {
  return (
    <div className={classes.mark}>
      <IconAlertTriangle size={16} className={classes.gap} aria-hidden />
      <span>{gap.count === null ? t.live.gaps.unknown : t.live.gaps.slow(gap.count)}</span>
      <Anchor
        size="xs"
        renderRoot={(root) => (
          <Link {...root} to="/explorer" search={{ q: q || undefined, range: "24h" }} />
        )}
      >
        {t.live.inExplorer}
      </Anchor>
    </div>
  );
}
