import type { components } from "../api/schema";

export type Severity = components["schemas"]["Severity"];

/** A severity's colour, which passes as text in both themes. */
export function severityColour(severity: Severity): string {
  return `var(--tk-${severity})`;
}

/** Whether something went well, as a colour. */
export const statusColour = { good: "var(--tk-good)", bad: "var(--tk-bad)" } as const;
