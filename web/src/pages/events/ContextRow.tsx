import { ActionIcon, Tooltip, UnstyledButton } from "@mantine/core";
import { IconArrowsDiff } from "@tabler/icons-react";

import type { Event } from "../../api/event";
import { ActionBadge } from "../../look/ActionBadge";
import { Plain } from "../../parts/Plain";
import { formatDuration } from "../../time/format";
import { t } from "../../texts";
import { offsetMs } from "./around";
import classes from "./Context.module.css";

interface ContextRowProps {
  event: Event;
  /** The event whose context this is. */
  from: Event;
  onOpen: (id: string) => void;
  onCompare: (id: string) => void;
}

/** One event of the context, with how long before or after it was. */
export function ContextRow({ event, from, onOpen, onCompare }: ContextRowProps) {
  const isHere = event.id === from.id;
  const compare = t.event.context.compare;
  return (
    <li className={[classes.row, isHere && classes.here].filter(Boolean).join(" ")}>
      <span className={classes.offset} title={event.timestamp}>
        {isHere ? t.event.context.thisOne : offsetText(offsetMs(event, from))}
      </span>
      <UnstyledButton
        className={classes.words}
        disabled={isHere}
        onClick={() => {
          onOpen(event.id);
        }}
        aria-current={isHere || undefined}
      >
        <ActionBadge action={event.action} status={event.status} plain />
        <span className={classes.what}>
          <Plain text={event.resource_type} />{" "}
          <Plain text={event.resource_name ?? event.resource_id} none="" />
        </span>
        {(event.user_email ?? event.user_id) !== (from.user_email ?? from.user_id) && (
          <span className="tk-dim">
            <Plain text={event.user_email ?? event.user_id} none={t.event.noUser} />
          </span>
        )}
      </UnstyledButton>
      {!isHere && (
        <Tooltip label={compare}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={24}
            aria-label={compare}
            onClick={() => {
              onCompare(event.id);
            }}
          >
            <IconArrowsDiff size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
      )}
    </li>
  );
}

function offsetText(ms: number): string {
  if (ms === 0) {
    return t.event.offset.same;
  }
  const size = Math.abs(ms);
  const span = size < 1000 ? t.event.offset.milliseconds(size) : formatDuration(size / 1000);
  return ms < 0 ? t.event.offset.before(span) : t.event.offset.after(span);
}
