/** A moment as people write it: `2026-11-03 14:20`, `yesterday 9:00`, `2 h ago`, ISO 8601. */

import { t } from "../../texts";
import { dayjs } from "../../time/dayjs";

export type MomentFault = keyof typeof t.jump.faults;
export type Moment = { at: string } | { fault: MomentFault };

interface Day {
  year: number;
  month: number;
  day: number;
}

interface Clock {
  hour: number;
  minute: number;
  second: number;
  millisecond: number;
}

const MIDNIGHT: Clock = { hour: 0, minute: 0, second: 0, millisecond: 0 };
const WEEK = 7;
const NOON = 12;

/** With an offset, or as seconds or milliseconds since 1970: no zone has a say. */
const EXACT = /^\d{4}-\d{2}-\d{2}[t ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?\s*(z|utc|[+-]\d{2}:?\d{2})$/;
const EPOCH = /^(\d{10})(\d{3})?$/;
const CLOCK = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(am|pm)?$/;
const ISO_DAY = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[t\s]+(.+))?$/;
const NAMED_DAY = /^(\d{1,2})\.?\s+([a-z]{3,})\.?(?:\s+(\d{4}))?(?:\s+(.+))?$/;
const AGO = /^(\d+(?:\.\d+)?)\s*([a-z]+)\s+([a-z]+)$/;

function readClock(text: string | undefined): Clock | MomentFault {
  if (text === undefined) return MIDNIGHT;
  const found = CLOCK.exec(text);
  if (found === null) return "format";
  const [, hours = "", minutes = "", seconds = "0", part = "", half] = found;
  const said = Number(hours);
  const hour = half === undefined ? said : (said % NOON) + (half === "pm" ? NOON : 0);
  const isHour = half === undefined ? said <= 23 : said >= 1 && said <= NOON;
  if (!isHour || Number(minutes) > 59 || Number(seconds) > 59) return "noSuchTime";
  const millisecond = Number(part.slice(0, 3).padEnd(3, "0"));
  return { hour, minute: Number(minutes), second: Number(seconds), millisecond };
}

function digits(value: number, width = 2): string {
  return String(value).padStart(width, "0");
}

/** A day beyond its month's end would silently be one of the next month. */
function isDay(date: string): boolean {
  return dayjs.utc(date).format("YYYY-MM-DD") === date;
}

/** When a zone's clock shows it. */
function momentOf(day: Day, clock: Clock, zone: string): Moment {
  const date = `${digits(day.year, 4)}-${digits(day.month)}-${digits(day.day)}`;
  if (!isDay(date)) return { fault: "noSuchDay" };
  const time = `${digits(clock.hour)}:${digits(clock.minute)}:${digits(clock.second)}`;
  const moment = dayjs.tz(`${date}T${time}`, zone);
  if (moment.tz(zone).format("YYYY-MM-DDTHH:mm:ss") !== `${date}T${time}`) {
    return { fault: "skipped" };
  }
  return { at: moment.add(clock.millisecond, "millisecond").toISOString() };
}

/** The day in the zone, so many days before now. */
function daysBefore(now: Date, zone: string, days: number): Day {
  const today = dayjs.utc(dayjs(now).tz(zone).format("YYYY-MM-DD")).subtract(days, "day");
  return { year: today.year(), month: today.month() + 1, day: today.date() };
}

function withClock(day: Day, text: string | undefined, zone: string): Moment {
  const clock = readClock(text);
  return typeof clock === "string" ? { fault: clock } : momentOf(day, clock, zone);
}

function isAhead(moment: Moment, now: Date): boolean {
  return "at" in moment && moment.at > now.toISOString();
}

/** `today 9:00`, `friday 17:30`: a day of the last week, by its name. */
function readDayWord(text: string, zone: string, now: Date): Moment | undefined {
  const [word = "", ...rest] = text.split(/\s+/);
  const clock = rest.length === 0 ? undefined : rest.join(" ");
  const { today, yesterday, weekdays } = t.jump.understood;
  if (word === today) return withClock(daysBefore(now, zone, 0), clock, zone);
  if (word === yesterday) return withClock(daysBefore(now, zone, 1), clock, zone);
  const weekday = weekdays.findIndex((name) => word.length >= 3 && name.startsWith(word));
  if (weekday < 0) return undefined;
  const here = daysBefore(now, zone, 0);
  const todays = dayjs.utc(`${digits(here.year, 4)}-${digits(here.month)}-${digits(here.day)}`);
  const days = (todays.day() + WEEK - 1 - weekday) % WEEK;
  const moment = withClock(daysBefore(now, zone, days), clock, zone);
  // On a Friday morning, "friday 17:30" is that of last week.
  return isAhead(moment, now) ? withClock(daysBefore(now, zone, days + WEEK), clock, zone) : moment;
}

/** `2026-11-03 14:20`, `3 Nov 14:20`: without a year, the last time that there was such a day. */
function readDate(text: string, zone: string, now: Date): Moment | undefined {
  const iso = ISO_DAY.exec(text);
  if (iso !== null) {
    const [, year, month, day, clock] = iso;
    return withClock({ year: Number(year), month: Number(month), day: Number(day) }, clock, zone);
  }
  const named = NAMED_DAY.exec(text);
  if (named === null) return undefined;
  const [, day, name = "", year, clock] = named;
  const month = 1 + t.jump.understood.months.findIndex((each) => name.startsWith(each));
  if (month === 0) return undefined;
  const thisYear = daysBefore(now, zone, 0).year;
  const asked = { year: year === undefined ? thisYear : Number(year), month, day: Number(day) };
  const moment = withClock(asked, clock, zone);
  const isOfLastYear = year === undefined && isAhead(moment, now);
  return isOfLastYear ? withClock({ ...asked, year: thisYear - 1 }, clock, zone) : moment;
}

function readAgo(text: string, now: Date): Moment | undefined {
  const found = AGO.exec(text);
  const seconds = t.jump.understood.units[found?.[2] ?? ""];
  if (found === null || seconds === undefined || found[3] !== t.jump.understood.ago) {
    return undefined;
  }
  return { at: new Date(now.getTime() - Number(found[1]) * seconds * 1000).toISOString() };
}

function readExact(text: string): Moment | undefined {
  const epoch = EPOCH.exec(text);
  if (epoch !== null) {
    return { at: new Date(Number(epoch[1]) * 1000 + Number(epoch[2] ?? 0)).toISOString() };
  }
  if (!EXACT.test(text)) return undefined;
  const [date = "", time = ""] = text.split(/[t ](.*)/);
  if (!isDay(date)) return { fault: "noSuchDay" };
  const zoned = time.replace(",", ".").replace(/\s|utc$/g, (each) => (each === "utc" ? "Z" : ""));
  const moment = new Date(`${date}T${zoned.toUpperCase()}`);
  if (Number.isNaN(moment.getTime())) return { fault: "noSuchTime" };
  return { at: moment.toISOString() };
}

/**
 * The moment that a text names by the clock of `zone`, as RFC 3339 in UTC; or why it names none
 * that events could be of. A clock alone is the last time that it showed this.
 */
export function readMoment(text: string, zone: string, now: Date): Moment {
  const asked = text.trim().toLowerCase().replace(/\s+/g, " ");
  if (asked === "") return { fault: "empty" };
  if (asked === t.jump.understood.now) return { at: now.toISOString() };
  const plain = asked.replace(/,\s/g, " ");
  const found =
    readExact(asked) ??
    readAgo(plain, now) ??
    readDayWord(plain, zone, now) ??
    readDate(plain, zone, now) ??
    withClock(daysBefore(now, zone, 0), plain, zone);
  if (!isAhead(found, now)) return found;
  const isClock = CLOCK.test(plain);
  return isClock ? withClock(daysBefore(now, zone, 1), plain, zone) : { fault: "ahead" };
}
