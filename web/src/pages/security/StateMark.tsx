import {
  IconCircleCheck,
  IconCircleDashed,
  IconProgress,
  IconThumbDown,
  type Icon,
} from "@tabler/icons-react";

import type { DetectionState } from "../../api/detections";
import { t } from "../../texts";
import classes from "./marks.module.css";

const ICONS: Record<DetectionState, Icon> = {
  open: IconCircleDashed,
  acknowledged: IconProgress,
  resolved: IconCircleCheck,
  false_positive: IconThumbDown,
};

export function StateMark({ state }: { state: DetectionState }) {
  const Shape = ICONS[state];
  return (
    <span className={classes.state} data-state={state}>
      <Shape size={14} aria-hidden />
      {t.security.states[state]}
    </span>
  );
}
