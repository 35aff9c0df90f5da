/** What of a detection can be said to be expected. */

import type { Detection } from "../../api/detections";
import type { NewSuppression, Subject } from "../../api/suppressions";

export interface Expectable {
  subject: Subject;
  value: string;
}

const SUBJECTS: Record<string, Subject> = {
  user: "person",
  user_id: "person",
  user_email: "person",
  ip_address: "network",
  resource_id: "resource",
};

/** The whole group first, then each part of it that names somebody or something. */
export function expectables(detection: Detection): Expectable[] {
  const parts = detection.group.flatMap(({ field, value }) => {
    const subject = SUBJECTS[field];
    return subject === undefined || value === "" ? [] : [{ subject, value }];
  });
  const group: Expectable[] =
    detection.group_text === "" ? [] : [{ subject: "group", value: detection.group_text }];
  return [...group, ...parts];
}

export function toSuppression(
  detection: Detection,
  expected: Expectable,
  reason: string,
  endsAt: Date,
  isOfRule: boolean,
): NewSuppression {
  const isNarrow = isOfRule || expected.subject === "group";
  return {
    subject: expected.subject,
    value: expected.value,
    reason: reason.trim(),
    ends_at: endsAt.toISOString(),
    ...(isNarrow ? { rule_id: detection.rule_id } : {}),
  };
}
