/** What a rehearsal found, as its chart shows it. */

import type { Rehearsal, RehearsalResult } from "../../api/rules";

export interface DayBucket {
  /** When the day starts, in UTC, as the days of a rehearsal do. */
  start: string;
  counts: { detections: number };
}

const DAY_MS = 86_400_000;
const DAYS_OF_WEEK = 7;

/** Every day that was looked at, those without detections, too. */
export function toBuckets(rehearsal: Rehearsal, result: RehearsalResult): DayBucket[] {
  const found = new Map(result.by_day.map(({ day, count }) => [day, count]));
  const last = startOfDay(rehearsal.created_at);
  return Array.from({ length: rehearsal.days + 1 }, (_, index) => {
    const start = new Date(last - (rehearsal.days - index) * DAY_MS).toISOString();
    return { start, counts: { detections: found.get(start.slice(0, 10)) ?? 0 } };
  });
}

export function perWeek(rehearsal: Rehearsal, result: RehearsalResult): number {
  return (result.detections * DAYS_OF_WEEK) / rehearsal.days;
}

function startOfDay(at: string): number {
  return Math.floor(Date.parse(at) / DAY_MS) * DAY_MS;
}
