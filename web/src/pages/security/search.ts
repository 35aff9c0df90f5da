/** The state of Security in the URL. */

import type { DetectionFilter, DetectionState, Severity } from "../../api/detections";
import { SEVERITIES, STATES } from "../../api/detections";
import { readOneOf, readSomeOf, readText } from "../../routing/search";
import { boundsOf, DEFAULT_RANGE, readRange, type Range } from "../../time/range";

export const TABS = ["detections", "map", "expected"] as const;
export type Tab = (typeof TABS)[number];

/** What is asked of nobody in particular: `assignee` with this value is nobody's. */
export const NOBODY = "nobody";

/** Without states, those that wait for somebody are meant. */
export const WAITING: readonly DetectionState[] = ["open", "acknowledged"];

/** The keys of a range, where there is one, are those that `readRange` reads and writes. */
export interface SecuritySearch extends Partial<Range> {
  tab?: Tab;
  state?: DetectionState[];
  severity?: Severity[];
  rule?: string;
  assignee?: string;
}

export function validateSecuritySearch(raw: Record<string, unknown>): SecuritySearch {
  const tab = readOneOf(raw.tab, TABS);
  return {
    tab: tab === "detections" ? undefined : tab,
    state: readSomeOf(raw.state, STATES),
    severity: readSomeOf(raw.severity, SEVERITIES),
    rule: readText(raw.rule),
    assignee: readText(raw.assignee),
    ...rangeIn(raw),
  };
}

/** The filter of the API for what the URL says, at this moment. */
export function toFilter(search: SecuritySearch, now: Date): DetectionFilter {
  const states = search.state ?? [...WAITING];
  const filter: DetectionFilter = {};
  if (states.length < STATES.length) {
    filter.state = states;
  }
  if (search.severity !== undefined) {
    filter.severity = search.severity;
  }
  if (search.rule !== undefined) {
    filter.rule_id = search.rule;
  }
  if (search.assignee !== undefined) {
    filter.assignee = search.assignee === NOBODY ? "" : search.assignee;
  }
  const range = toRange(search);
  return range === null ? filter : { ...filter, ...boundsOf(range, now) };
}

/** The range that the URL names; null where it names none. */
export function toRange({ range, from, to }: SecuritySearch): Range | null {
  return range === undefined ? null : { range, from, to };
}

/** Whether the list is narrowed beyond what it usually shows. */
export function isNarrowed({ state, severity, rule, assignee, range }: SecuritySearch): boolean {
  return [state, severity, rule, assignee, range].some((each) => each !== undefined);
}

/** The search with another range, or with none. */
export function withRange(search: SecuritySearch, range: Range | null): SecuritySearch {
  const { tab, state, severity, rule, assignee } = search;
  return { tab, state, severity, rule, assignee, ...range };
}

/** The list with a value put in or taken out. */
export function toggled<T>(values: readonly T[], value: T): T[] {
  return values.includes(value) ? values.filter((each) => each !== value) : [...values, value];
}

function rangeIn(raw: Record<string, unknown>): Partial<Range> {
  // Without a range there is none: a detection that is still open may be old.
  const none: Range = { ...DEFAULT_RANGE };
  const range = readRange(raw, none);
  return range === none ? {} : range;
}
