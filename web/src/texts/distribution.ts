import { count, plural } from "./numbers";

/** Which values a field has in a search, and how often. */
export const distribution = {
  title: (field: string) => `Distribution of ${field}`,
  close: "Close distribution",
  field: "Field",
  counted: (distinct: number, total: number) =>
    `${plural(distinct, "value", "values")} in ${plural(total, "event", "events")} of this search.`,
  ownFilter: (field: string) => `Counted without the filter on ${field} itself.`,
  value: "Value",
  events: "Events",
  share: "Share",
  actions: "Filter",
  absent: "(none)",
  rest: (n: number) => `${count(n)} further values`,
  restEvents: "the rest",
  nothing: "No events match this search, so there is nothing to count.",
  only: (value: string) => `Filter for ${value}`,
  out: (value: string) => `Filter out ${value}`,
} as const;
