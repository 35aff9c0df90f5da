import { Anchor, Checkbox } from "@mantine/core";
import { Link } from "@tanstack/react-router";

import type { Detection } from "../../api/detections";
import { Plain } from "../../parts/Plain";
import { t } from "../../texts";
import { When } from "../../time/When";
import { About } from "./About";
import classes from "./DetectionList.module.css";
import { PersonName } from "./PersonName";
import { Sentence } from "./Sentence";
import { SeverityMark } from "./SeverityMark";
import { StateMark } from "./StateMark";

interface Props {
  detection: Detection;
  isSelected: boolean;
  onToggle: (() => void) | undefined;
}

export function DetectionRow({ detection, isSelected, onToggle }: Props) {
  const { id, rule_title, severity, state, group_text, reasons, assignee } = detection;
  return (
    <li className={classes.row} data-selected={isSelected || undefined}>
      {onToggle && (
        <Checkbox
          className={classes.check}
          aria-label={t.security.list.select(`${rule_title}, ${group_text}`)}
          checked={isSelected}
          onChange={onToggle}
        />
      )}
      <div className={classes.main}>
        <Anchor
          className={classes.title}
          data-list-link
          renderRoot={(props) => <Link to="/security/detections/$id" params={{ id }} {...props} />}
        >
          <Plain text={rule_title} />
        </Anchor>
        <div className={classes.reason}>
          <Sentence text={reasons[0] ?? ""} />
        </div>
        <div className={classes.meta}>
          <About group={detection.group} />
          <span>{t.security.events(detection.count)}</span>
          <span>
            {t.security.list.lastEvent} <When at={detection.last_at} kind="relative" />
          </span>
        </div>
      </div>
      <div className={classes.severity}>
        <SeverityMark severity={severity} />
      </div>
      <div className={classes.work}>
        <StateMark state={state} />
        <span>
          {detection.suppressed_by !== null && `${t.security.list.suppressed} · `}
          {assignee === null ? t.security.list.unassigned : <PersonName userId={assignee} />}
        </span>
      </div>
    </li>
  );
}
