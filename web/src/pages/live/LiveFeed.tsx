import { Button } from "@mantine/core";
import { IconArrowUp, IconBolt } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useReducer, useRef } from "react";

import { earlierQuery, type Event } from "../../api/event";
import { useLive } from "../../live/useLive";
import { EmptyState } from "../../parts/EmptyState";
import { ErrorState } from "../../parts/ErrorState";
import { useShortcuts } from "../../shell/shortcuts/useShortcuts";
import { t } from "../../texts";
import { QueryFault } from "../explorer/QueryFault";
import { EMPTY, stepped, withEarlier } from "./feed";
import classes from "./Live.module.css";
import { LiveList } from "./LiveList";
import { LiveToolbar } from "./LiveToolbar";
import { moveFocus } from "./moveFocus";

const EARLIER = 50;

interface LiveFeedProps {
  q: string;
  onOpen: (event: Event) => void;
  onRetry: () => void;
}

/** The feed of one query: events as they come, held while somebody reads. */
export function LiveFeed({ q, onOpen, onRetry }: LiveFeedProps) {
  const [feed, step] = useReducer(stepped, EMPTY);
  const scroller = useRef<HTMLDivElement>(null);
  const { phase, problem } = useLive({
    filter: { q },
    onEvents: (events) => {
      step({ kind: "events", events });
    },
    onGap: (gap) => {
      step({ kind: "gap", gap });
    },
  });
  // Asked for once the feed stands, so that nothing can fall between the two.
  const earlier = useQuery({ ...earlierQuery(q, EARLIER), enabled: phase === "live" });
  const rows = useMemo(() => withEarlier(feed.rows, earlier.data ?? []), [feed.rows, earlier.data]);
  const pause = (isPaused: boolean) => {
    step({ kind: "pause", isPaused });
  };
  useShortcuts("live", [
    {
      keys: "p",
      label: t.live.pause,
      run: () => {
        pause(!feed.isPaused);
      },
    },
    {
      keys: "j",
      label: t.live.next,
      run: () => {
        moveFocus(scroller.current, 1);
      },
    },
    {
      keys: "k",
      label: t.live.previous,
      run: () => {
        moveFocus(scroller.current, -1);
      },
    },
  ]);
  if (phase === "stopped" && problem !== null) {
    const isOfQuery = problem.status === 400 && problem.field === "q";
    return isOfQuery ? (
      <QueryFault q={q} problem={problem} />
    ) : (
      <ErrorState problem={problem} retry={onRetry} />
    );
  }
  const isWaitingAbove = feed.isScrolled && !feed.isPaused && feed.waitingCount > 0;
  return (
    <>
      <LiveToolbar feed={feed} phase={phase} q={q} onPause={pause} />
      <div className={classes.frame}>
        {isWaitingAbove && (
          <Button
            className={classes.top}
            size="xs"
            leftSection={<IconArrowUp size={16} aria-hidden />}
            onClick={() => scroller.current?.scrollTo({ top: 0 })}
          >
            {t.live.toTop(feed.waitingCount)}
          </Button>
        )}
        {rows.length === 0 ? (
          <EmptyState
            icon={<IconBolt size={20} stroke={1.75} />}
            title={phase === "live" ? t.live.quiet : t.live.phases[phase]}
            text={phase === "live" ? quietText(q) : t.live.phaseTitles[phase]}
          />
        ) : (
          <LiveList
            rows={rows}
            q={q}
            scroller={scroller}
            onOpen={onOpen}
            onScrolled={(isScrolled) => {
              step({ kind: "scroll", isScrolled });
            }}
          />
        )}
      </div>
      {feed.dropped > 0 && <p className={classes.foot}>{t.live.dropped(feed.dropped)}</p>}
    </>
  );
}

function quietText(q: string): string {
  return q === "" ? t.live.quietText : t.live.quietFiltered;
}
