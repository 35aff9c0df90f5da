import { useMediaQuery } from "@mantine/hooks";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef, type RefObject } from "react";

import type { Event } from "../../api/event";
import { t } from "../../texts";
import type { Row } from "./feed";
import { GapRow } from "./GapRow";
import classes from "./Live.module.css";
import { LiveRow } from "./LiveRow";

const LINE_PX = 36;
const TWO_LINES_PX = 56;
const OVERSCAN = 8;
/** Less than this is still the top. */
const TOP_PX = 8;

interface LiveListProps {
  rows: readonly Row[];
  q: string;
  scroller: RefObject<HTMLDivElement | null>;
  onOpen: (event: Event) => void;
  onScrolled: (isScrolled: boolean) => void;
}

/** The rows, of which only those in view are drawn. */
export function LiveList({ rows, q, scroller, onOpen, onScrolled }: LiveListProps) {
  const isNarrow = useMediaQuery("(max-width: 48em)");
  const height = isNarrow ? TWO_LINES_PX : LINE_PX;
  const list = useRef<HTMLUListElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- the compiler is not in use here
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    getItemKey: (place) => rows[place]?.key ?? place,
    overscan: OVERSCAN,
  });
  return (
    <div
      ref={scroller}
      className={classes.scroll}
      onScroll={(scroll) => {
        onScrolled(scroll.currentTarget.scrollTop > TOP_PX);
      }}
    >
      <ul
        ref={list}
        className={classes.list}
        aria-label={t.live.list}
        style={{ height: virtual.getTotalSize() }}
      >
        {virtual.getVirtualItems().map((item) => {
          const row = rows[item.index];
          return row === undefined ? null : (
            <li
              key={item.key}
              className={classes.item}
              aria-posinset={item.index + 1}
              aria-setsize={rows.length}
              style={{ height, transform: `translateY(${String(item.index * height)}px)` }}
            >
              {row.kind === "event" && <LiveRow event={row.event} onOpen={onOpen} />}
              {row.kind === "gap" && <GapRow gap={row.gap} q={q} />}
              {row.kind === "earlier" && <div className={classes.mark}>{t.live.earlier}</div>}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
