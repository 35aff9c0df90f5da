export interface Change {
  direction: "up" | "down" | "same";
  /** Of the count before, 0.25 for a quarter more or less; `null` where there was none before. */
  share: number | null;
}

/** How a count compares with the one before. */
export function changeOf(now: number, before: number): Change {
  if (now === before) {
    return { direction: "same", share: 0 };
  }
  const share = before === 0 ? null : Math.abs(now - before) / before;
  return { direction: now > before ? "up" : "down", share };
}
