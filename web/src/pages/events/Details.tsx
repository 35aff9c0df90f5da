import { TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useMemo, useState } from "react";

import type { Event } from "../../api/event";
import { t } from "../../texts";
import classes from "./Details.module.css";
import { nodesOf, searched } from "./tree";
import { DetailList } from "./DetailList";
import eventClasses from "./Event.module.css";

/** Everything that was sent with the event, as a tree that can be searched. */
export function Details({ event }: { event: Event }) {
  const [text, setText] = useState("");
  const nodes = useMemo(() => nodesOf(event.details, new Set(event.redacted)), [event]);
  const found = useMemo(() => searched(nodes, text), [nodes, text]);
  const words = t.event.details;
  if (nodes.length === 0) {
    return <p className={eventClasses.note}>{words.empty}</p>;
  }
  const isSearched = text.trim() !== "";
  return (
    <>
      <div className={classes.top}>
        <TextInput
          size="sm"
          aria-label={words.search}
          placeholder={words.search}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={text}
          onChange={(change) => {
            setText(change.currentTarget.value);
          }}
        />
        {event.redacted.length > 0 && (
          <p className={eventClasses.note}>{words.redactedCount(event.redacted.length)}</p>
        )}
      </div>
      {found.length === 0 ? (
        <p className={eventClasses.note} role="status">
          {words.notFound(text.trim())}
        </p>
      ) : (
        <DetailList nodes={found} isSearched={isSearched} label={words.tree} />
      )}
    </>
  );
}
