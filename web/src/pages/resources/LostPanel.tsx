import type { AccessChange } from "../../api/access_at";
import { Panel } from "../../parts/Panel";
import { t } from "../../texts";
import { ChangeItem } from "../users/ChangeItem";
import classes from "./ResourceAccessTab.module.css";

interface LostPanelProps {
  change: AccessChange;
  onOpen: (eventId: string) => void;
}

/** The answer to "why can't they get in": the event that took the access away. */
export function LostPanel({ change, onOpen }: LostPanelProps) {
  return (
    <div className={classes.lost}>
      <Panel title={t.resources.access.lost}>
        <ChangeItem change={change} onOpen={onOpen} />
      </Panel>
    </div>
  );
}
