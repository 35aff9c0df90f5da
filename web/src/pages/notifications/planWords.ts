/** What an alert's plan says, in words. */

import type { AlertPlan } from "../../api/alert_settings";
import type { Channel } from "../../api/channels";
import type { Rule } from "../../api/rules";
import { visibleText } from "../../parts/plainText";
import { t } from "../../texts";

export interface PlanWords {
  what: string;
  whom: string;
  when: string;
}

/** Which alerts are meant, whom they reach, and when. Names are made safe to show. */
export function planWords(
  plan: AlertPlan,
  channels: readonly Channel[],
  rules: readonly Rule[],
): PlanWords {
  const words = t.notifications.summary;
  const isOfRule = plan.rule_id !== null && plan.rule_id !== undefined;
  const rule = rules.find((each) => each.id === plan.rule_id);
  const severity = t.security.severities[plan.min_severity ?? "medium"];
  const tags = plan.tags ?? [];
  const what = [
    isOfRule ? words.ofRule(visibleText(rule?.title ?? plan.rule_id ?? "")) : words.anyRule,
    // Of one rule, everything is meant that is at least this severe; the least says nothing.
    isOfRule && plan.min_severity === "informational" ? "" : words.atLeast(severity),
    tags.length > 0 ? words.tagged(visibleText(tags.join(", "))) : "",
  ];
  const named = (plan.channels ?? []).map((id) => {
    const channel = channels.find((each) => each.id === id);
    return channel === undefined
      ? id
      : `${visibleText(channel.name)} (${t.notifications.kinds[channel.kind]})`;
  });
  const people = plan.people ?? [];
  const roles = plan.roles ?? [];
  const whom = [
    people.length > 0 ? words.people(people.length) : "",
    roles.length > 0 ? words.roles(visibleText(roles.join(", "))) : "",
    named.length > 0 ? `${words.through} ${named.join(", ")}` : words.nobody,
  ];
  const quiet = plan.quiet_hours;
  const when = [
    plan.digest_minutes ? words.digest(words.span(plan.digest_minutes)) : words.atOnce,
    quiet ? words.quiet(quiet.start, quiet.end, words.days(quiet.days ?? [])) : "",
    plan.escalation ? words.escalates(words.span(plan.escalation.after_minutes)) : "",
  ];
  return { what: joined(what), whom: joined(whom), when: joined(when) };
}

function joined(parts: readonly string[]): string {
  return parts.filter(Boolean).join(", ");
}
