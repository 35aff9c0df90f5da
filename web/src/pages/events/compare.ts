/** Two events side by side, field by field. */
import type { Event } from "../../api/event";
import { isSame } from "./changesOf";
import { leavesOf } from "./tree";
import { fieldsOf } from "./fields";

/** One field of both events; `undefined` is a field that the event does not have. */
export interface Pair {
  field: string;
  first: unknown;
  second: unknown;
  differs: boolean;
}

export function compared(first: Event, second: Event): Pair[] {
  const [one, other] = [valuesOf(first), valuesOf(second)];
  const fields = [...new Set([...one.keys(), ...other.keys()])];
  return fields.map((field) => {
    const pair = { field, first: one.get(field), second: other.get(field) };
    return { ...pair, differs: !isSame(pair.first, pair.second) };
  });
}

function valuesOf(event: Event): Map<string, unknown> {
  const own = fieldsOf(event).filter(([, value]) => value !== null);
  const details = Object.keys(event.details).length > 0 ? leavesOf(event.details) : [];
  return new Map([...own, ...details]);
}
