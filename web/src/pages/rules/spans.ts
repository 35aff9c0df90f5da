/** Spans of time as a number and a unit. */

export const UNIT_SECONDS = [1, 60, 3600, 86_400] as const;
export type UnitSeconds = (typeof UNIT_SECONDS)[number];

export interface Span {
  amount: number;
  unit: UnitSeconds;
}

/** The span as a whole number of the largest unit that it is made of; nothing is in minutes. */
export function toSpan(seconds: number): Span {
  if (seconds === 0) {
    return { amount: 0, unit: 60 };
  }
  const unit = UNIT_SECONDS.findLast((each) => seconds % each === 0) ?? 1;
  return { amount: seconds / unit, unit };
}

export function toSeconds({ amount, unit }: Span): number {
  return amount * unit;
}
