import { Anchor, SegmentedControl, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { CONTEXT_LIMIT, contextQuery, isPathSafe, type Event } from "../../api/event";
import { ErrorState } from "../../parts/ErrorState";
import { LoadingState } from "../../parts/LoadingState";
import { t } from "../../texts";
import {
  explorerSearch,
  firstWhose,
  hasWhose,
  WHOSE,
  WINDOWS,
  within,
  type Whose,
  type Window,
} from "./around";
import classes from "./Context.module.css";
import { ContextList } from "./ContextList";
import eventClasses from "./Event.module.css";

interface ContextProps {
  event: Event;
  onOpen: (id: string) => void;
  onCompare: (id: string) => void;
}

/** What the same user, address or resource did just before and after, whatever is filtered. */
export function Context({ event, onOpen, onCompare }: ContextProps) {
  const [chosen, setChosen] = useState<Whose | null>(null);
  const [window, setWindow] = useState<Window>("60");
  const { data, error, refetch } = useQuery(contextQuery(event.id));
  const words = t.event.context;
  if (error !== null) {
    return <ErrorState problem={error} retry={() => void refetch()} isCompact />;
  }
  if (data === undefined && isPathSafe(event.id)) {
    return <LoadingState rows={7} height={32} />;
  }
  const whose = chosen ?? (data === undefined ? "user" : firstWhose(data));
  const neighbours = data && within(data[whose], event, window);
  const isCut =
    neighbours !== undefined &&
    Math.max(neighbours.before.length, neighbours.after.length) >= CONTEXT_LIMIT;
  return (
    <>
      <div className={classes.top}>
        <SegmentedControl
          size="xs"
          aria-label={words.whose}
          value={whose}
          onChange={(value) => {
            setChosen(WHOSE.find((each) => each === value) ?? null);
          }}
          data={WHOSE.map((each) => ({ value: each, label: words[each] }))}
        />
        <Select
          size="xs"
          w={140}
          aria-label={words.window}
          allowDeselect={false}
          value={window}
          onChange={(value) => {
            setWindow(WINDOWS.find((each) => each === value) ?? "60");
          }}
          data={WINDOWS.map((each) => ({ value: each, label: words.windows[each] ?? each }))}
        />
        {hasWhose(event, whose) && (
          <Anchor
            size="sm"
            renderRoot={(root) => (
              <Link {...root} to="/explorer" search={explorerSearch(event, whose, window)} />
            )}
          >
            {words.explorer}
          </Anchor>
        )}
      </div>
      {!hasWhose(event, whose) && <p className={eventClasses.note}>{words.lacks[whose]}</p>}
      {hasWhose(event, whose) && neighbours === undefined && (
        <p className={eventClasses.note}>{words.unaddressed}</p>
      )}
      {hasWhose(event, whose) && neighbours !== undefined && (
        <ContextList event={event} neighbours={neighbours} onOpen={onOpen} onCompare={onCompare} />
      )}
      <p className={classes.foot}>
        {words.ignoring} {isCut && words.more} {whose === "ip_address" && words.addressDay}
      </p>
    </>
  );
}
