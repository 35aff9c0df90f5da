const STEPS = [1, 2, 3, 4, 5, 6, 8, 10];

/**
 * The count at a chart's top edge: round, even so that its half is whole, not far above the most.
 */
export function evenTop(most: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(most, 1)));
  const rounds = STEPS.map((step) => step * power).filter((round) => round % 2 === 0);
  return rounds.find((round) => round >= most) ?? 10 * power;
}
