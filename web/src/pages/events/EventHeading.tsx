import type { Event } from "../../api/event";
import { ActionBadge } from "../../look/ActionBadge";
import { ResourceIcon } from "../../look/ResourceIcon";
import { Plain } from "../../parts/Plain";
import classes from "./Event.module.css";

/** An event in one line: its action and what it was done to. */
export function EventHeading({ event }: { event: Event }) {
  return (
    <span className={classes.title}>
      <ActionBadge action={event.action} status={event.status} />
      <span className={classes.kind}>
        <ResourceIcon type={event.resource_type} size={14} />
        <Plain text={event.resource_type} />
      </span>
      <span className={classes.name}>
        <Plain text={event.resource_name ?? event.resource_id} none="" />
      </span>
    </span>
  );
}
