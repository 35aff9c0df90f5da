import { Button } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay, IconTableOptions } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";

import type { Phase } from "../../live/items";
import { t } from "../../texts";
import { ConnectionBadge } from "./ConnectionBadge";
import type { Feed } from "./feed";
import classes from "./Live.module.css";

interface LiveToolbarProps {
  feed: Feed;
  phase: Phase;
  q: string;
  onPause: (isPaused: boolean) => void;
}

/** How the feed stands, and pause and resume. */
export function LiveToolbar({ feed, phase, q, onPause }: LiveToolbarProps) {
  const { isPaused, waitingCount } = feed;
  const resume = waitingCount > 0 ? t.live.resumeWith(waitingCount) : t.live.resume;
  return (
    <div className={classes.bar}>
      <ConnectionBadge phase={phase} isPaused={isPaused} />
      <Button
        size="xs"
        variant={isPaused ? "filled" : "default"}
        leftSection={
          isPaused ? (
            <IconPlayerPlay size={16} aria-hidden />
          ) : (
            <IconPlayerPause size={16} aria-hidden />
          )
        }
        onClick={() => {
          onPause(!isPaused);
        }}
      >
        {isPaused ? resume : t.live.pause}
      </Button>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconTableOptions size={16} aria-hidden />}
        renderRoot={(root) => (
          <Link {...root} to="/explorer" search={{ q: q || undefined, range: "24h" }} />
        )}
      >
        {t.live.inExplorer}
      </Button>
      <span className={classes.count}>{t.live.since(feed.arrived)}</span>
    </div>
  );
}
