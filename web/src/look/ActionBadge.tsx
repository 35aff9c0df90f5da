import { IconAlertTriangle } from "@tabler/icons-react";
import type { CSSProperties } from "react";

import { Plain } from "../parts/Plain";
import { t } from "../texts";
import classes from "./ActionBadge.module.css";
import { actionLook } from "./actions";

export interface ActionBadgeProps {
  action: string;
  /** `FAILED` adds a mark; success needs none. */
  status?: string | null;
  /** Without the tinted ground: for dense tables. */
  plain?: boolean;
}

/** An action's word with its icon and colour. */
export function ActionBadge({ action, status, plain = false }: ActionBadgeProps) {
  const { colour, icon: Icon } = actionLook(action);
  return (
    <span
      className={plain ? classes.plain : classes.badge}
      style={{ "--badge-colour": colour } as CSSProperties}
    >
      <Icon size={13} stroke={2} aria-hidden className={classes.icon} />
      <span className={classes.word}>
        <Plain text={action} />
      </span>
      {status === "FAILED" && (
        <span className={classes.failed} title={t.parts.action.failed}>
          <IconAlertTriangle size={13} stroke={2} aria-hidden />
          <span className="tk-visually-hidden">{t.parts.action.failed}</span>
        </span>
      )}
    </span>
  );
}
