import { useEffect, useRef, useState } from "react";

import type { Event } from "../api/event";
import { livePairs, type SearchFilter } from "../api/filter";
import { useMe } from "../api/me";
import { ApiProblem } from "../api/problem";
import type { Gap, Item, LiveState, Phase } from "./items";
import { listenTo } from "./topics";

/** Drawing each frame as it comes costs half the main thread at 50 events a second. */
const FLUSH_MS = 250;
const CONNECTING: LiveState = { phase: "connecting", problem: null };

export interface LiveOptions {
  /** As of a search; a range is passed over, for live is from now on. */
  filter: SearchFilter;
  /** False: not connected. */
  isOn?: boolean;
  /** Each event once, in the order of the commits, in batches. */
  onEvents: (events: Event[]) => void;
  /** Events that were not brought, between those before and those after. */
  onGap?: (gap: Gap) => void;
}

export interface LiveConnection {
  phase: Phase;
  problem: ApiProblem | null;
}

/** Follows the log live, through restarts, with one connection for all tabs that ask the same. */
export function useLive({ filter, isOn = true, onEvents, onGap }: LiveOptions): LiveConnection {
  const me = useMe();
  const owner = `${me.organization.id}:${me.user_id ?? ""}`;
  const text = JSON.stringify(livePairs(filter));
  const [state, setState] = useState(CONNECTING);
  const callbacks = useRef({ onEvents, onGap });
  useEffect(() => {
    callbacks.current = { onEvents, onGap };
  });
  useEffect(() => {
    if (!isOn) {
      return undefined;
    }
    const waiting = new Waiting((events) => {
      callbacks.current.onEvents(events);
    });
    const listener = (item: Item) => {
      if (item.kind === "events") {
        waiting.add(item.events);
      } else if (item.kind === "gap" && item.gap.count !== 0) {
        waiting.flush();
        callbacks.current.onGap?.(item.gap);
      } else if (item.kind === "state") {
        setState(item.state);
      }
    };
    const stop = listenTo(owner, JSON.parse(text) as [string, string][], listener);
    return () => {
      stop();
      waiting.drop();
    };
  }, [owner, text, isOn]);
  const problem = state.problem === null ? null : new ApiProblem(state.problem);
  return { phase: state.phase, problem };
}

/** Collects events and hands them on together. */
class Waiting {
  private events: Event[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly hand: (events: Event[]) => void) {}

  add(events: readonly Event[]): void {
    this.events.push(...events);
    if (this.events.length > 0) {
      this.timer ??= setTimeout(() => {
        this.flush();
      }, FLUSH_MS);
    }
  }

  flush(): void {
    this.drop();
    const { events } = this;
    this.events = [];
    if (events.length > 0) {
      this.hand(events);
    }
  }

  drop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
