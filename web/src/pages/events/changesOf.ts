/**
 * What an event says was changed, whichever way its sender wrote it:
 *
 * - `changed_fields` with `old_value` and `new_value`: the values alone where one field changed,
 *   objects by field where several did (the product text, and the service's own trail);
 * - `changes`: `{field: {old, new}}`, `{field: [old, new]}` or a list of `{field, old, new}`;
 * - two maps: `old` and `new`, `before` and `after`, `old_values` and `new_values`.
 */

/** One row: field, before, after. A side is absent where the field was not there. */
export interface Change {
  field: string;
  before: Side;
  after: Side;
}
/** A value; or that there was none; or that the event does not tell it. */
export type Side = { kind: "value"; value: unknown } | { kind: "absent" } | { kind: "untold" };

type Json = Record<string, unknown>;

const ABSENT: Side = { kind: "absent" };
const UNTOLD: Side = { kind: "untold" };
const BEFORE = ["old", "old_value", "from", "before", "previous"];
const AFTER = ["new", "new_value", "to", "after", "current"];
const MAPS: readonly (readonly [string, string])[] = [
  ["old_value", "new_value"],
  ["old_values", "new_values"],
  ["old", "new"],
  ["before", "after"],
];
const WHOLE = ["old_value", "new_value", "old_values", "new_values"];
const NAMES = ["field", "name", "key", "path", "attribute"];
const DEEPEST = 8;

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The changes that `details` tell of, by field, in the order they are told. */
export function changesOf(details: Json): Change[] {
  const named = texts(details.changed_fields);
  const found = named.length > 0 ? ofNamedFields(named, details) : [];
  if (found.length > 0) {
    return found;
  }
  const listed = ofChanges(details.changes);
  return listed.length > 0 ? listed : ofMaps(details);
}

function ofNamedFields(named: string[], details: Json): Change[] {
  const [old, fresh] = sidesOf(details);
  const isByField =
    isKeyedBy(named, old) && isKeyedBy(named, fresh) && (isFull(old) || isFull(fresh));
  if (isByField) {
    return named.flatMap((field) => compare(field, memberOf(old, field), memberOf(fresh, field)));
  }
  const [only] = named;
  if (named.length === 1 && only !== undefined) {
    return compare(only, old, fresh);
  }
  const inList = ofChanges(details.changes);
  return inList.length > 0
    ? inList
    : named.map((field) => ({ field, before: UNTOLD, after: UNTOLD }));
}

/** Old and new as `details` have them at top level, under whichever pair of names. */
function sidesOf(details: Json): [Side, Side] {
  const pair = MAPS.find(([old, fresh]) => old in details || fresh in details);
  if (pair === undefined) {
    return [UNTOLD, UNTOLD];
  }
  return [sideOf(details, [pair[0]], UNTOLD), sideOf(details, [pair[1]], UNTOLD)];
}

/** Whether a side is an object whose keys are changed fields; a side not there does not object. */
function isKeyedBy(named: string[], side: Side): boolean {
  if (side.kind !== "value" || side.value === null) {
    return true;
  }
  return isObject(side.value) && Object.keys(side.value).every((key) => named.includes(key));
}

function isFull(side: Side): boolean {
  return side.kind === "value" && isObject(side.value) && Object.keys(side.value).length > 0;
}

function memberOf(side: Side, field: string): Side {
  if (side.kind !== "value") {
    return side;
  }
  return isObject(side.value) && Object.hasOwn(side.value, field)
    ? { kind: "value", value: side.value[field] }
    : ABSENT;
}

function ofChanges(changes: unknown): Change[] {
  if (Array.isArray(changes)) {
    return changes.filter(isObject).flatMap((each) => {
      const field = NAMES.map((name) => each[name]).find((name) => typeof name === "string");
      return typeof field === "string" ? ofPair(field, each) : [];
    });
  }
  if (!isObject(changes)) {
    return [];
  }
  return Object.entries(changes).flatMap(([field, pair]) => {
    if (Array.isArray(pair) && pair.length === 2) {
      const [old, fresh] = pair as [unknown, unknown];
      return compare(field, { kind: "value", value: old }, { kind: "value", value: fresh });
    }
    return isObject(pair) ? ofPair(field, pair) : [];
  });
}

function ofPair(field: string, pair: Json): Change[] {
  const before = sideOf(pair, BEFORE, ABSENT);
  const after = sideOf(pair, AFTER, ABSENT);
  return before.kind === "value" || after.kind === "value" ? compare(field, before, after) : [];
}

function sideOf(holder: Json, names: readonly string[], otherwise: Side): Side {
  const name = names.find((each) => Object.hasOwn(holder, each));
  return name === undefined ? otherwise : { kind: "value", value: holder[name] };
}

function ofMaps(details: Json): Change[] {
  const [before, after] = sidesOf(details);
  const sides = [before, after].filter((side) => side.kind === "value").length;
  // One of `old` and `new` alone is more often a flag than a change.
  if (sides === 0 || (sides === 1 && !WHOLE.some((name) => name in details))) {
    return [];
  }
  const field = NAMES.map((name) => details[name]).find((name) => typeof name === "string");
  const isMaps = [before, after].every(
    (side) => side.kind !== "value" || side.value === null || isObject(side.value),
  );
  if (!isMaps || typeof field === "string") {
    return compare(typeof field === "string" ? field : "value", before, after);
  }
  const keys = new Set([before, after].flatMap(keysOf));
  return [...keys]
    .flatMap((key) => compare(key, memberOf(before, key), memberOf(after, key)))
    .filter((row) => !isUnchanged(row));
}

function isUnchanged({ before, after }: Change): boolean {
  return before.kind === "value" && after.kind === "value" && isSame(before.value, after.value);
}

function keysOf(side: Side): string[] {
  return side.kind === "value" && isObject(side.value) ? Object.keys(side.value) : [];
}

/** One row where a value changed as a whole; else a row for each leaf of it that differs. */
function compare(field: string, before: Side, after: Side, depth = 0): Change[] {
  if (before.kind !== "value" || after.kind !== "value" || depth >= DEEPEST) {
    return [{ field, before, after }];
  }
  const [old, fresh] = [before.value, after.value];
  const isNested =
    (isObject(old) && isObject(fresh)) ||
    (Array.isArray(old) && Array.isArray(fresh) && old.length === fresh.length && old.length > 0);
  if (!isNested) {
    return isSame(old, fresh) && depth > 0 ? [] : [{ field, before, after }];
  }
  const keys = [...new Set([...Object.keys(old as Json), ...Object.keys(fresh as Json)])];
  const inside = keys.flatMap((key) =>
    compare(
      `${field}.${key}`,
      innerSide(old as Json, key),
      innerSide(fresh as Json, key),
      depth + 1,
    ),
  );
  return inside.length > 0 || depth > 0 ? inside : [{ field, before, after }];
}

function innerSide(holder: Json, key: string): Side {
  return Object.hasOwn(holder, key) ? { kind: "value", value: holder[key] } : ABSENT;
}

/** Whether two JSON values are the same, whatever the order of their keys. */
export function isSame(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((each, place) => isSame(each, other[place]));
  }
  if (isObject(one) && isObject(other)) {
    const keys = Object.keys(one);
    return (
      keys.length === Object.keys(other).length &&
      keys.every((key) => Object.hasOwn(other, key) && isSame(one[key], other[key]))
    );
  }
  return Object.is(one, other);
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}
