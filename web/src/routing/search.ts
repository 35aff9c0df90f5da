/**
 * What stands after the `?` of the console's addresses, readable: `action=UPDATE,DELETE&q=a+b`.
 *
 * Every value is text. A list's elements are set apart by commas; within an element a comma is
 * written `\,` and a backslash `\\`. Whether a parameter is a list, the page knows that reads it.
 */

export type RawSearch = Record<string, unknown>;

const SHOWN_AS_THEY_ARE: Record<string, string> = {
  "%20": "+",
  "%2C": ",",
  "%3A": ":",
  "%2F": "/",
  "%40": "@",
  "%24": "$",
};

function encode(text: string): string {
  return encodeURIComponent(text)
    .replace(/%20|%2C|%3A|%2F|%40|%24/g, (code) => SHOWN_AS_THEY_ARE[code] ?? code)
    .replace(/'/g, "%27");
}

function escapeElement(element: string): string {
  return element.replace(/[\\,]/g, (sign) => `\\${sign}`);
}

function isPlain(value: unknown): value is string | number | boolean {
  return ["string", "number", "boolean"].includes(typeof value);
}

function textOfValue(value: unknown): string | undefined {
  if (Array.isArray(value)) {
    const elements = value.filter(isPlain);
    return elements.length === 0
      ? undefined
      : elements.map((element) => escapeElement(String(element))).join(",");
  }
  return isPlain(value) ? String(value) : undefined;
}

/**
 * The text after the path: with its `?`, or nothing. Absent values and empty lists are left out.
 */
export function stringifySearch(search: RawSearch): string {
  const parts: string[] = [];
  for (const [key, value] of Object.entries(search)) {
    const text = textOfValue(value);
    if (text !== undefined) {
      parts.push(`${encode(key)}=${encode(text)}`);
    }
  }
  return parts.length === 0 ? "" : `?${parts.join("&")}`;
}

/** Each parameter's text. One that comes several times, as the API writes lists, is one list. */
export function parseSearch(text: string): Record<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of new URLSearchParams(text.replace(/^\?/, ""))) {
    const before = found.get(key);
    found.set(key, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(found);
}

function splitElements(text: string): string[] {
  const elements = [""];
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charAt(at);
    if (sign === ",") {
      elements.push("");
      continue;
    }
    const isEscape = sign === "\\" && at + 1 < text.length;
    at += isEscape ? 1 : 0;
    elements.push((elements.pop() ?? "") + (isEscape ? text.charAt(at) : sign));
  }
  return elements;
}

/** A list parameter: from the address (text) or from a link (a list). Absent: `undefined`. */
export function readList(value: unknown): string[] | undefined {
  const elements = Array.isArray(value)
    ? value.filter(isPlain).map(String)
    : isPlain(value)
      ? splitElements(String(value))
      : [];
  const kept = [...new Set(elements.filter((element) => element !== ""))];
  return kept.length === 0 ? undefined : kept;
}

/** A text parameter. Empty or absent: `undefined`. */
export function readText(value: unknown): string | undefined {
  return isPlain(value) && String(value) !== "" ? String(value) : undefined;
}

/** One of a few words; anything else is dropped. */
export function readOneOf<const T extends string>(
  value: unknown,
  choices: readonly T[],
): T | undefined {
  return choices.find((choice) => choice === value);
}

/** Those of a list that are among a few words. */
export function readSomeOf<const T extends string>(
  value: unknown,
  choices: readonly T[],
): T[] | undefined {
  const wanted = readList(value) ?? [];
  const kept = choices.filter((choice) => wanted.includes(choice));
  return kept.length === 0 ? undefined : kept;
}

/** `true` where the parameter says so, else `undefined`: an address shows only what is on. */
export function readFlag(value: unknown): true | undefined {
  return value === true || value === "true" ? true : undefined;
}

/** A whole number within bounds (both included). */
export function readWhole(value: unknown, least: number, most: number): number | undefined {
  const number = isPlain(value) && value !== "" ? Number(value) : NaN;
  return Number.isInteger(number) && number >= least && number <= most ? number : undefined;
}
