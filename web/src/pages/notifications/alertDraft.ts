/** An alert setting while it is written, and the plan that it becomes. */

import type { AlertPlan, AlertSetting, QuietHours } from "../../api/alert_settings";
import type { Channel } from "../../api/channels";
import type { Severity } from "../../api/detections";
import type { RuleForm } from "../../api/rules";
import { t } from "../../texts";
import { formOfEvents, type DescribedEvents, USUAL_EVENTS } from "./describedEvents";

export type Source = "any" | "tags" | "rule" | "events";
export type Told = NonNullable<AlertPlan["on"]>[number];

export const SOURCES: readonly Source[] = ["any", "tags", "rule", "events"];
export const TOLD: readonly Told[] = ["opened", "reopened", "grew"];

export interface EscalationDraft {
  afterMinutes: number;
  channels: string[];
  people: string[];
  roles: string[];
  /** The alert that says who is told; null: the three above do. */
  setting: string | null;
  isBySetting: boolean;
}

export interface AlertDraft {
  name: string;
  isEnabled: boolean;
  source: Source;
  tags: string[];
  ruleId: string | null;
  events: DescribedEvents;
  minSeverity: Severity;
  on: Told[];
  channels: string[];
  people: string[];
  roles: string[];
  digestMinutes: number | null;
  quiet: QuietHours | null;
  escalation: EscalationDraft | null;
}

export const USUAL_QUIET: Required<QuietHours> = {
  start: "22:00",
  end: "07:00",
  days: [1, 2, 3, 4, 5, 6, 7],
  critical_breaks_through: true,
};

export const USUAL_ESCALATION: EscalationDraft = {
  afterMinutes: 30,
  channels: [],
  people: [],
  roles: [],
  setting: null,
  isBySetting: false,
};

export const NEW_ALERT: AlertDraft = {
  name: "",
  isEnabled: true,
  source: "any",
  tags: [],
  ruleId: null,
  events: USUAL_EVENTS,
  minSeverity: "medium",
  on: ["opened", "reopened"],
  channels: [],
  people: [],
  roles: [],
  digestMinutes: null,
  quiet: null,
  escalation: null,
};

export function fromSetting({ name, is_enabled, plan }: AlertSetting): AlertDraft {
  const tags = plan.tags ?? [];
  const ruleId = plan.rule_id ?? null;
  const told = plan.escalation;
  return {
    ...NEW_ALERT,
    name,
    isEnabled: is_enabled,
    source: ruleId !== null ? "rule" : tags.length > 0 ? "tags" : "any",
    tags,
    ruleId,
    minSeverity: plan.min_severity ?? "medium",
    on: plan.on ?? NEW_ALERT.on,
    channels: plan.channels ?? [],
    people: plan.people ?? [],
    roles: plan.roles ?? [],
    digestMinutes: plan.digest_minutes ?? null,
    quiet: plan.quiet_hours ?? null,
    escalation: told
      ? {
          afterMinutes: told.after_minutes,
          channels: told.channels ?? [],
          people: told.people ?? [],
          roles: told.roles ?? [],
          setting: told.setting ?? null,
          isBySetting: Boolean(told.setting),
        }
      : null,
  };
}

/** The plan of a draft; `ruleId` is the rule that its described events became. */
export function toPlan(draft: AlertDraft, ruleId: string | null): AlertPlan {
  const { source, escalation: told } = draft;
  const isOfOne = source === "rule" || source === "events";
  return {
    // One rule is one severity: what it finds is meant whatever that is.
    min_severity: source === "events" ? "informational" : draft.minSeverity,
    tags: source === "tags" ? draft.tags : [],
    rule_id: isOfOne ? (source === "events" ? ruleId : draft.ruleId) : null,
    on: draft.on,
    channels: draft.channels,
    people: draft.people,
    roles: draft.roles,
    digest_minutes: draft.digestMinutes,
    quiet_hours: draft.quiet,
    escalation: told && {
      after_minutes: told.afterMinutes,
      ...(told.isBySetting
        ? { setting: told.setting }
        : { channels: told.channels, people: told.people, roles: told.roles }),
    },
  };
}

/** The rule that described events become. */
export function toRuleForm(draft: AlertDraft): RuleForm {
  return formOfEvents(draft.events);
}

export type Faults = Partial<Record<keyof typeof t.notifications.plan.missing, string>>;

/** What is still missing, in words, by where it belongs. */
export function faultsOf(draft: AlertDraft, channels: readonly Channel[]): Faults {
  const words = t.notifications.plan.missing;
  const told = draft.escalation;
  const isUnaimed = told && (told.isBySetting ? told.setting === null : told.channels.length === 0);
  const missing: Partial<Record<keyof typeof words, boolean>> = {
    name: draft.name.trim() === "",
    tags: draft.source === "tags" && draft.tags.length === 0,
    rule: draft.source === "rule" && draft.ruleId === null,
    query: draft.source === "events" && draft.events.query.trim() === "",
    on: draft.on.length === 0,
    channels: draft.channels.length === 0,
    recipients: lacksRecipients(draft, channels),
    days: draft.quiet !== null && draft.quiet.days?.length === 0,
    escalation: Boolean(isUnaimed),
  };
  const faults: Faults = {};
  for (const key of Object.keys(words) as (keyof typeof words)[]) {
    if (missing[key]) {
      faults[key] = words[key];
    }
  }
  return faults;
}

/** Whether a channel reaches the people and roles of an alert, and nobody else. */
export function needsPeople(channel: Channel): boolean {
  return channel.kind === "in_app" || (channel.kind === "email" && channel.to.length === 0);
}

function lacksRecipients(draft: AlertDraft, channels: readonly Channel[]): boolean {
  const chosen = channels.filter((each) => draft.channels.includes(each.id));
  return chosen.some(needsPeople) && draft.people.length + draft.roles.length === 0;
}
