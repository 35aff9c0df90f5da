/** Events that somebody describes instead of choosing a rule: they become a rule. */

import type { Severity } from "../../api/detections";
import type { RuleForm } from "../../api/rules";
import { t } from "../../texts";

export type Preset = keyof typeof t.notifications.plan.presets;

export const PRESETS: Record<Preset, string> = {
  failed_logins: "action:LOGIN_FAILED",
  deletions: "action:DELETE",
  role_changes: "action:UPDATE resource_type:USER details.changed_fields:role",
  exports: "action:EXPORT",
  failures: "status:FAILED",
  other: "",
};

export const GROUPS = ["user", "ip_address", "resource_id", "none"] as const;
export type Group = (typeof GROUPS)[number];

export interface DescribedEvents {
  preset: Preset;
  query: string;
  moreThan: number;
  withinSeconds: number;
  by: Group;
  severity: Severity;
}

export const USUAL_EVENTS: DescribedEvents = {
  preset: "failed_logins",
  query: PRESETS.failed_logins,
  moreThan: 5,
  withinSeconds: 600,
  by: "ip_address",
  severity: "high",
};

const TITLE_LENGTH = 256;

/** As the API says it: `action:LOGIN_FAILED by ip_address more than 5 in 10 minutes`. */
export function sentenceOf({ query, by, moreThan, withinSeconds }: DescribedEvents): string {
  const grouped = by === "none" ? "" : ` by ${by}`;
  return `${query}${grouped} more than ${String(moreThan)} in ${t.rules.span(withinSeconds)}`;
}

export function formOfEvents(events: DescribedEvents): RuleForm {
  return {
    title: t.notifications.plan.ruleTitle(sentenceOf(events)).slice(0, TITLE_LENGTH),
    query: events.query,
    more_than: events.moreThan,
    window_seconds: events.withinSeconds,
    group_by: events.by === "none" ? [] : [events.by],
    severity: events.severity,
    description: "",
    quiet_seconds: 0,
  };
}
