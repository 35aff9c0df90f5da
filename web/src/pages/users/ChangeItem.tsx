import { IconArrowRight } from "@tabler/icons-react";

import type { AccessChange, UserChange } from "../../api/access_at";
import { ActionBadge } from "../../look/ActionBadge";
import { Plain } from "../../parts/Plain";
import { t } from "../../texts";
import classes from "./access.module.css";
import { AccessValue } from "./AccessValue";
import { EventLine } from "./EventLine";
import { SubjectName } from "./SubjectName";

const words = t.users.access;

interface ChangeItemProps {
  change: UserChange | AccessChange;
  onOpen: (eventId: string) => void;
}

/** One change: whose, of what, from what to what, and the event that says so. */
export function ChangeItem({ change, onOpen }: ChangeItemProps) {
  // That a resource began or ended has no value before and after.
  const hasValues = change.old !== null || change.new !== null;
  return (
    <div className={classes.change} data-kind={"kind" in change ? change.kind : undefined}>
      <div className={classes.what}>
        <ActionBadge action={change.event.action} />
        {"kind" in change && <span className={classes.kind}>{words.kinds[change.kind]}</span>}
        {"subject" in change && hasValues && <SubjectName subject={change.subject} />}
        <span className="tk-dim">
          <Plain text={change.field} />
        </span>
        {hasValues && (
          <>
            <AccessValue value={change.old} />
            <IconArrowRight size={14} aria-hidden />
            <span className="tk-visually-hidden">{words.became}</span>
            <AccessValue value={change.new} />
          </>
        )}
      </div>
      <EventLine event={change.event} onOpen={onOpen} />
    </div>
  );
}
