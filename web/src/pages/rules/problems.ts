/** Where in the form a problem of the service belongs. */

import type { ApiProblem } from "../../api/client";
import type { RuleForm } from "../../api/rules";
import { t } from "../../texts";

const FIELDS: Partial<Record<string, keyof RuleForm>> = {
  q: "query",
  query: "query",
  title: "title",
  more_than: "more_than",
  window: "window_seconds",
  window_seconds: "window_seconds",
  suppression: "quiet_seconds",
  quiet_seconds: "quiet_seconds",
  group_by: "group_by",
  severity: "severity",
  description: "description",
};

/** The form's field that the problem is about; null where it is about none. */
export function fieldOf(problem: ApiProblem): keyof RuleForm | null {
  const name = problem.field?.replace(/^form\./, "").replace(/[.[].*$/, "");
  // Faults of the search's language have a position and name the field that they are about.
  const isOfQuery = problem.position !== null;
  return isOfQuery ? "query" : (FIELDS[name ?? ""] ?? null);
}

/** What to say at the field. */
export function wordsOf(problem: ApiProblem): string {
  const place = problem.position === null ? "" : ` ${t.rules.form.position(problem.position + 1)}`;
  return [problem.detail + place, problem.hint].filter(Boolean).join(" ");
}
