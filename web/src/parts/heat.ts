const LEVELS = 5;

/**
 * How dark a cell is, 0 (nothing) to 5: by the square root, so that quiet hours can be told apart.
 */
export function levelOf(n: number, most: number): number {
  return n <= 0 || most <= 0 ? 0 : Math.max(1, Math.ceil(Math.sqrt(n / most) * LEVELS));
}
