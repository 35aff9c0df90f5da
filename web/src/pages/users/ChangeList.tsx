import { Button } from "@mantine/core";
import { useState } from "react";

import type { AccessChange, UserChange } from "../../api/access_at";
import { EmptyState } from "../../parts/EmptyState";
import { t } from "../../texts";
import classes from "./access.module.css";
import { ChangeItem } from "./ChangeItem";

const words = t.users.access;
const FIRST = 20;

interface ChangeListProps {
  /** In order of time, as the service has them. */
  changes: readonly (UserChange | AccessChange)[];
  /** The first one after the moment. */
  next: UserChange | AccessChange | null;
  empty: string;
  onOpen: (eventId: string) => void;
}

function newestFirst(one: UserChange, other: UserChange): number {
  return Date.parse(other.event.timestamp) - Date.parse(one.event.timestamp);
}

/** What changed, the newest first; what came after the moment stands above it. */
export function ChangeList({ changes, next, empty, onOpen }: ChangeListProps) {
  const [showsAll, setShowsAll] = useState(false);
  const sorted = changes.toSorted(newestFirst);
  const shown = showsAll ? sorted : sorted.slice(0, FIRST);
  return (
    <>
      {next !== null && (
        <div className={classes.next}>
          <div className={classes.label}>{words.next}</div>
          <ChangeItem change={next} onOpen={onOpen} />
        </div>
      )}
      {sorted.length === 0 ? (
        <EmptyState title={empty} isCompact />
      ) : (
        <ol className={classes.changes}>
          {shown.map((change) => (
            <li key={`${change.event.id} ${change.field} ${subjectOf(change)}`}>
              <ChangeItem change={change} onOpen={onOpen} />
            </li>
          ))}
        </ol>
      )}
      {shown.length < sorted.length && (
        <Button
          variant="default"
          size="xs"
          mt="sm"
          onClick={() => {
            setShowsAll(true);
          }}
        >
          {words.showAll(sorted.length)}
        </Button>
      )}
    </>
  );
}

function subjectOf(change: UserChange | AccessChange): string {
  return "subject" in change ? change.subject : "";
}
