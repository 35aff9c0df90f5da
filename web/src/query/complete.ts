/** What can be completed where the caret stands, and the query after a choice. */

import { FIELDS, fieldOf, fullName, isDetails, quoteValue } from "./fields";
import { scan, type Piece } from "./scan";

interface Place {
  /** What has been typed of it so far. */
  prefix: string;
  /** The part of the query that a choice replaces. */
  start: number;
  end: number;
}

export type Completion =
  ({ kind: "field" } & Place) | ({ kind: "value"; field: string; isInList: boolean } & Place);

export interface Completed {
  text: string;
  caret: number;
}

/** The name whose list of values is open at the end of the pieces. */
function openListName(pieces: readonly Piece[]): string | undefined {
  let depth = 0;
  for (let at = pieces.length - 1; at >= 0; at -= 1) {
    const piece = pieces[at];
    if (piece?.kind === "close") depth += 1;
    if (piece?.kind !== "open") continue;
    if (depth > 0) {
      depth -= 1;
      continue;
    }
    const before = pieces[at - 1];
    return before?.kind === "name" && before.end === piece.start ? before.text : undefined;
  }
  return undefined;
}

/** Where what stands at the caret ends: a choice replaces the rest of the word, too. */
function endOfWord(text: string, start: number, caret: number): number {
  const piece = scan(text).find((each) => each.start === start);
  return piece?.kind === "value" ? Math.max(piece.end, caret) : caret;
}

function unquoted(written: string): string {
  return written
    .replace(/^"/, "")
    .replace(/"$/, "")
    .replace(/\\(["\\])/g, "$1");
}

export function completionAt(text: string, caret: number): Completion | undefined {
  const pieces = scan(text.slice(0, caret));
  const last = pieces.at(-1);
  const isTyping = last?.end === caret;
  const listName = openListName(pieces);
  if (isTyping && last.kind === "name") {
    const end = endOfWord(text, caret, caret);
    return valuePlace(last.text, false, { prefix: "", start: caret, end });
  }
  if (isTyping && last.kind === "value") {
    const before = pieces.at(-2);
    const place = {
      prefix: unquoted(last.text),
      start: last.start,
      end: endOfWord(text, last.start, caret),
    };
    if (listName !== undefined) return valuePlace(listName, true, place);
    if (before?.kind === "name" && before.end === last.start) {
      return valuePlace(before.text, false, place);
    }
    return /^[A-Za-z_][A-Za-z0-9_.]*$/.test(last.text) ? { kind: "field", ...place } : undefined;
  }
  const place = { prefix: "", start: caret, end: caret };
  if (listName !== undefined) {
    // Between two values of a list stands a word or a comma first.
    return last?.kind === "value" ? undefined : valuePlace(listName, true, place);
  }
  if (isTyping && (last.kind === "keyword" || last.kind === "close")) return undefined;
  return { kind: "field", ...place };
}

function valuePlace(name: string, isInList: boolean, place: Place): Completion | undefined {
  const field = fullName(name);
  if (isDetails(field) || fieldOf(field) === undefined) return undefined;
  return { kind: "value", field, isInList, ...place };
}

/** The fields whose name holds what was typed; those that begin with it come first. */
export function fieldsLike(prefix: string): string[] {
  const asked = prefix.toLowerCase();
  const names = [...FIELDS.map((each) => each.name), "details."];
  const found = names.filter((name) => name.includes(asked));
  return [
    ...found.filter((name) => name.startsWith(asked)),
    ...found.filter((name) => !name.startsWith(asked)),
  ];
}

/** The values that hold what was typed; those that begin with it come first. */
export function valuesLike(values: readonly string[], prefix: string): string[] {
  const asked = prefix.toLowerCase();
  const found = values.filter((value) => value.toLowerCase().includes(asked));
  const isFirst = (value: string): boolean => value.toLowerCase().startsWith(asked);
  return [...found.filter(isFirst), ...found.filter((value) => !isFirst(value))];
}

export function complete(text: string, completion: Completion, chosen: string): Completed {
  const before = text.slice(0, completion.start);
  const after = text.slice(completion.end);
  if (completion.kind === "field") {
    const inserted = chosen.endsWith(".") ? chosen : `${chosen}:`;
    return { text: before + inserted + after, caret: before.length + inserted.length };
  }
  const value = quoteValue(completion.field, chosen);
  const inserted = completion.isInList || after.startsWith(" ") ? value : `${value} `;
  return { text: before + inserted + after, caret: before.length + inserted.length };
}
