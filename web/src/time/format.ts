import { t } from "../texts";

export type TimeStyle = "full" | "short" | "minute" | "day" | "date" | "clock" | "weekday";

const LOCALE = "en-GB";
const DATE = { day: "numeric", month: "short" } as const;
const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;

const STYLES: Record<TimeStyle, Intl.DateTimeFormatOptions> = {
  full: { ...DATE, year: "numeric", ...CLOCK, second: "2-digit" },
  short: { ...DATE, ...CLOCK, second: "2-digit" },
  minute: { ...DATE, ...CLOCK },
  day: { ...DATE, year: "numeric" },
  date: DATE,
  clock: CLOCK,
  weekday: { weekday: "short", ...DATE },
};

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string, style: TimeStyle): Intl.DateTimeFormat {
  const key = `${style} ${zone}`;
  const known = formats.get(key);
  if (known !== undefined) {
    return known;
  }
  // Making one takes some 50 µs, formatting with it 1 µs: a table of rows needs it kept.
  const made = new Intl.DateTimeFormat(LOCALE, { ...STYLES[style], timeZone: zone });
  formats.set(key, made);
  return made;
}

/** A moment as text in an IANA time zone: `full` is `23 Nov 2026, 23:59:28`. */
export function formatTime(at: string | Date, zone: string, style: TimeStyle = "full"): string {
  const moment = typeof at === "string" ? new Date(at) : at;
  return Number.isNaN(moment.getTime()) ? String(at) : formatOf(zone, style).format(moment);
}

/** A span of time, its date once where it stays the same: `23 Nov, 14:00 – 15:00`. */
export function formatSpan(from: string, to: string, zone: string): string {
  const isWithinDay = formatTime(from, zone, "day") === formatTime(to, zone, "day");
  const end = formatTime(to, zone, isWithinDay ? "clock" : "minute");
  return `${formatTime(from, zone, "minute")} – ${end}`;
}

const STEPS = [
  ["s", 1],
  ["min", 60],
  ["h", 3600],
  ["d", 86_400],
  ["mo", 2_629_800],
  ["y", 31_557_600],
] as const;
const NOW_SECONDS = 5;

/** How long ago, in the largest whole unit: `12 s ago`, `2 h ago`, `in 3 d`. */
export function formatRelative(at: string | Date, now: Date): string {
  const seconds = (now.getTime() - new Date(at).getTime()) / 1000;
  if (Number.isNaN(seconds)) {
    return String(at);
  }
  const length = Math.abs(seconds);
  if (length < NOW_SECONDS) {
    return t.parts.when.now;
  }
  const step = STEPS.findLast(([, each]) => length >= each) ?? STEPS[0];
  const words = `${Math.floor(length / step[1])} ${t.parts.when.units[step[0]]}`;
  return seconds > 0 ? t.parts.when.ago(words) : t.parts.when.ahead(words);
}

/** A length of time by its two largest units: `2 d 4 h`, `45 s`. */
export function formatDuration(seconds: number): string {
  let rest = Math.round(seconds);
  const parts: string[] = [];
  for (const [unit, length] of STEPS.slice(0, 4).toReversed()) {
    const n = Math.floor(rest / length);
    rest -= n * length;
    if (n > 0 && parts.length < 2) {
      parts.push(`${n} ${t.parts.when.units[unit]}`);
    }
  }
  return parts.length === 0 ? `0 ${t.parts.when.units.s}` : parts.join(" ");
}
