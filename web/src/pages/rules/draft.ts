/** A rule that is being written: as a form or as text, whichever was changed last. */

import type { RuleForm, RuleText } from "../../api/rules";

export type Draft = { by: "form"; form: RuleForm } | { by: "text"; text: string };

/** A form with nothing said yet but what is usual. */
export const EMPTY_FORM: RuleForm = {
  title: "",
  query: "",
  more_than: 5,
  window_seconds: 600,
  group_by: ["user"],
  severity: "medium",
  description: "",
  quiet_seconds: 3600,
};

const TITLE_LENGTH = 256;

/** The form that a search begins with: “Alert me on this”. */
export function formOfSearch(query: string, titleOf: (query: string) => string): RuleForm {
  return { ...EMPTY_FORM, title: titleOf(query).slice(0, TITLE_LENGTH), query };
}

export function toBody(draft: Draft): RuleText {
  return draft.by === "form" ? { form: draft.form } : { text: draft.text };
}

/** Whether the draft says enough to be checked: what is empty is not wrong yet. */
export function isAskable(draft: Draft): boolean {
  return draft.by === "form" ? draft.form.title.trim() !== "" : draft.text.trim() !== "";
}

const ID_LINE = /^id: .*$/gm;

/**
 * The text of a form with the id of the rule that it replaces. A form's own id is made from its
 * title; in its text it is the last document's, since that is the one that raises detections.
 */
export function withId(text: string, id: string): string {
  const lines = [...text.matchAll(ID_LINE)];
  const last = lines.at(-1);
  return last === undefined
    ? text
    : `${text.slice(0, last.index)}id: ${id}${text.slice(last.index + last[0].length)}`;
}

/** The text without its ids, so that what is made of it is another rule; its title says so, too. */
export function asCopy(text: string, title: string, copyTitle: string): string {
  const renamed = text.replace(`title: ${title}`, `title: ${copyTitle}`);
  return renamed.replace(ID_LINE, "").replace(/\n{2,}/g, "\n");
}
