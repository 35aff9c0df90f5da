import { t } from "../../texts";

export type Interval = "minute" | "hour" | "day" | "week" | "month";

const SECONDS = { minute: 60, hour: 3600, day: 86_400 };

/** What one bar of a timeline covers, in words. */
export function stepWords(interval: string, stepSeconds: number): string {
  const { steps } = t.dashboard.timeline;
  if (interval === "week" || interval === "month") {
    return steps[interval];
  }
  const unit = interval === "minute" || interval === "hour" ? interval : "day";
  return steps[unit](Math.max(1, Math.round(stepSeconds / SECONDS[unit])));
}
