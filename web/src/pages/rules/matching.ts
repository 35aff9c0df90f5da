/** Which rules a search of the list means. */

import type { Rule } from "../../api/rules";
import type { RulesSearch, Which } from "./search";

const IS: Record<Which, (rule: Rule) => boolean> = {
  all: () => true,
  own: (rule) => !rule.is_built_in,
  builtIn: (rule) => rule.is_built_in,
  off: (rule) => !rule.is_enabled,
};

/** Those that hold every word in their title, description, tags or sentence; by title. */
export function matching(rules: readonly Rule[], search: RulesSearch): Rule[] {
  const words = (search.find ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  return rules
    .filter((rule) => IS[search.which ?? "all"](rule))
    .filter((rule) => {
      const text = [rule.title, rule.description, rule.sentence ?? "", ...rule.tags]
        .join(" ")
        .toLowerCase();
      return words.every((word) => text.includes(word));
    })
    .toSorted((one, other) => one.title.localeCompare(other.title));
}
