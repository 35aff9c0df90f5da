import type { Organization, OrganizationChanges } from "../../api/organization";
import { t } from "../../texts";

/** A retention rule in the form; `key` tells rows apart while they are edited. */
export type RuleValues = {
  key: string;
  action: string;
  resource_type: string;
  days: number | string;
};

/** The settings as the form has them: lists are lines of text, names are the service's. */
export type OrganizationValues = {
  name: string;
  time_zone: string;
  working_hours: { start: string; end: string; days: string[]; holidays: string };
  redaction: {
    key_patterns: string;
    value_patterns: string;
    paths: string;
    allowed_paths: string;
  };
  retention_days: number | string;
  retention_rules: RuleValues[];
};

const REDACTION_LISTS = ["key_patterns", "value_patterns", "paths", "allowed_paths"] as const;

export function toValues(known: Organization): OrganizationValues {
  const lines = (list: string[] | undefined) => (list ?? []).join("\n");
  return {
    name: known.name,
    time_zone: known.time_zone,
    working_hours: {
      start: known.working_hours.start,
      end: known.working_hours.end,
      days: (known.working_hours.days ?? []).map(String),
      holidays: lines(known.working_hours.holidays),
    },
    redaction: {
      key_patterns: lines(known.redaction.key_patterns),
      value_patterns: lines(known.redaction.value_patterns),
      paths: lines(known.redaction.paths),
      allowed_paths: lines(known.redaction.allowed_paths),
    },
    retention_days: known.retention_days,
    retention_rules: known.retention_rules.map((rule, index) => ({
      key: `known-${String(index)}`,
      action: rule.action ?? "",
      resource_type: rule.resource_type ?? "",
      days: rule.days,
    })),
  };
}

/** The lines of a text that say something, without blanks around them. */
export function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

export function datesOf(text: string): string[] {
  return text.split(/[\s,;]+/).filter((word) => word !== "");
}

/** What differs from what is known, as the service wants it: what is left out stays. */
export function toChanges(values: OrganizationValues, known: Organization): OrganizationChanges {
  const { working_hours: hours, redaction } = values;
  const wanted: Required<OrganizationChanges> = {
    name: values.name.trim(),
    time_zone: values.time_zone,
    working_hours: {
      start: hours.start,
      end: hours.end,
      days: hours.days.map(Number).sort((one, other) => one - other),
      holidays: datesOf(hours.holidays),
    },
    redaction: Object.fromEntries(REDACTION_LISTS.map((list) => [list, linesOf(redaction[list])])),
    retention_days: Number(values.retention_days),
    retention_rules: values.retention_rules.map((rule) => ({
      action: rule.action.trim() || null,
      resource_type: rule.resource_type.trim() || null,
      days: Number(rule.days),
    })),
  };
  const before = toValues(known);
  const differs = (part: keyof OrganizationValues) =>
    JSON.stringify(values[part]) !== JSON.stringify(before[part]);
  const parts = Object.keys(wanted) as (keyof typeof wanted)[];
  return Object.fromEntries(parts.filter(differs).map((part) => [part, wanted[part]]));
}

/** What the form can tell by itself: dates that are none, before the service is asked. */
export function holidaysFault(text: string): string | null {
  const wrong = datesOf(text).find((word) => !/^\d{4}-\d{2}-\d{2}$/.test(word));
  return wrong === undefined ? null : t.settings.organization.hours.holidaysBad(wrong);
}

/** The input of a field of the service: a line of a list is in the list's text box. */
export function pathOf(field: string): string {
  const [part, list] = field.split(".");
  if (part === "redaction" && list) return `redaction.${list}`;
  if (/^retention_rules\.\d+$/.test(field)) return `${field}.action`;
  return field;
}
