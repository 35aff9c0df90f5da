import {
  IconAlertHexagonFilled,
  IconAlertTriangleFilled,
  IconCircleFilled,
  IconExclamationCircleFilled,
  IconInfoCircleFilled,
  type Icon,
} from "@tabler/icons-react";

import type { Severity } from "../../api/detections";
import { severityColour } from "../../look/severity";
import { t } from "../../texts";
import classes from "./marks.module.css";

// Each severity has a shape of its own: colour is never the only difference.
const ICONS: Record<Severity, Icon> = {
  critical: IconAlertHexagonFilled,
  high: IconAlertTriangleFilled,
  medium: IconExclamationCircleFilled,
  low: IconInfoCircleFilled,
  informational: IconCircleFilled,
};

export function SeverityMark({ severity }: { severity: Severity }) {
  const Shape = ICONS[severity];
  return (
    <span className={classes.mark}>
      <Shape size={16} aria-hidden className={classes.icon} color={severityColour(severity)} />
      {t.security.severities[severity]}
    </span>
  );
}
