interface Peak {
  /** 0 is Monday. */
  weekday: number;
  hour: number;
  count: number;
}

/**
 * The hour of the week with the most events, the earliest of several; null where there are none.
 */
export function busiest(counts: readonly (readonly number[])[]): Peak | null {
  let peak: Peak | null = null;
  counts.forEach((day, weekday) => {
    day.forEach((count, hour) => {
      if (count > (peak?.count ?? 0)) {
        peak = { weekday, hour, count };
      }
    });
  });
  return peak;
}
