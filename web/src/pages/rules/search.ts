/** The state of the pages of rules in the URL. */

import { readOneOf, readText } from "../../routing/search";

export const WHICH = ["all", "own", "builtIn", "off"] as const;
export type Which = (typeof WHICH)[number];

export interface RulesSearch {
  find?: string;
  which?: Which;
}

export function validateRulesSearch(raw: Record<string, unknown>): RulesSearch {
  const which = readOneOf(raw.which, WHICH);
  return { find: readText(raw.find), which: which === "all" ? undefined : which };
}

/** `rehearsal`: the one that is shown; with it, the page can be left while it is under way. */
export interface RuleSearch {
  rehearsal?: string;
}

export function validateRuleSearch(raw: Record<string, unknown>): RuleSearch {
  return { rehearsal: readText(raw.rehearsal) };
}

/** `q`: the search that the rule shall watch. `copy`: the id of a rule to begin with. */
export interface NewRuleSearch extends RuleSearch {
  q?: string;
  copy?: string;
}

export function validateNewRuleSearch(raw: Record<string, unknown>): NewRuleSearch {
  return { ...validateRuleSearch(raw), q: readText(raw.q), copy: readText(raw.copy) };
}
