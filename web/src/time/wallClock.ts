import { dayjs } from "./dayjs";

const FORMAT = "YYYY-MM-DDTHH:mm";

/** A moment as a clock on the wall of a zone shows it, for `<input type="datetime-local">`. */
export function toWallClock(at: string, zone: string): string {
  return dayjs(at).tz(zone).format(FORMAT);
}

/** The moment at which a zone's wall clock shows a text; `undefined` where it is none. */
export function fromWallClock(text: string, zone: string): string | undefined {
  const moment = dayjs.tz(text, zone);
  return text !== "" && moment.isValid() ? moment.toISOString() : undefined;
}
