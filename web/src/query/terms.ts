/** The terms of a query that must all match: what the console shows as chips. */

import { fullName } from "./fields";
import { hasOpenQuote, literalOf, scan, type Piece } from "./scan";

export interface TermValue {
  /** As written: quotes, wildcards and comparisons included. */
  written: string;
  /** The text that it stands for; undefined for wildcards. */
  literal: string | undefined;
}

export interface Term {
  /** `field`: `name:value` or `name:(a OR b)`. `text`: free text. `group`: anything else. */
  kind: "field" | "text" | "group";
  isNot: boolean;
  /** As written, the negation included. */
  text: string;
  start: number;
  end: number;
  /** The field's full name, for kind `field`. */
  field?: string;
  values: TermValue[];
}

function valueOf(piece: Piece): TermValue {
  return { written: piece.text, literal: literalOf(piece.text) };
}

/** The place after the parenthesis that closes the one at `open`; undefined if none does. */
function afterClose(pieces: readonly Piece[], open: number): number | undefined {
  let depth = 0;
  for (let at = open; at < pieces.length; at += 1) {
    const kind = pieces[at]?.kind;
    if (kind === "open") depth += 1;
    if (kind === "close") depth -= 1;
    if (depth === 0) return at + 1;
  }
  return undefined;
}

function fieldTerm(name: Piece, values: Piece[], isNot: boolean): Omit<Term, "text" | "start"> {
  const end = values.at(-1)?.end ?? name.end;
  return { kind: "field", isNot, end, field: fullName(name.text), values: values.map(valueOf) };
}

/** The term that begins at `at`, and the place after it; undefined where it is not whole. */
function termAt(text: string, pieces: readonly Piece[], at: number): [Term, number] | undefined {
  const first = pieces[at];
  if (first === undefined) return undefined;
  let next = at;
  let isNot = false;
  for (;;) {
    const piece = pieces[next];
    if (piece === undefined) return undefined;
    if (piece.kind !== "minus" && !(piece.kind === "keyword" && piece.text === "NOT")) break;
    isNot = !isNot;
    next += 1;
  }
  const finish = (term: Omit<Term, "text" | "start">, after: number): [Term, number] => [
    { ...term, start: first.start, text: text.slice(first.start, term.end) },
    after,
  ];
  const piece = pieces[next];
  if (piece?.kind === "value") {
    return finish({ kind: "text", isNot, end: piece.end, values: [valueOf(piece)] }, next + 1);
  }
  if (piece?.kind === "open") {
    const after = afterClose(pieces, next);
    const close = after === undefined ? undefined : pieces[after - 1];
    if (after === undefined || close === undefined) return undefined;
    return finish({ kind: "group", isNot, end: close.end, values: [] }, after);
  }
  if (piece?.kind !== "name") return undefined;
  const following = pieces[next + 1];
  if (following?.start !== piece.end) return undefined;
  if (following.kind === "value") {
    return finish(fieldTerm(piece, [following], isNot), next + 2);
  }
  const after = following.kind === "open" ? afterClose(pieces, next + 1) : undefined;
  const close = after === undefined ? undefined : pieces[after - 1];
  if (after === undefined || close === undefined) return undefined;
  const listed = pieces.slice(next + 2, after - 1).filter((each) => each.kind === "value");
  return finish({ ...fieldTerm(piece, listed, isNot), end: close.end }, after);
}

/**
 * The terms in order; undefined where the query is not whole (a parenthesis or quote is open, a
 * value is missing). An `OR` between terms makes all of them one group.
 */
export function termsOf(text: string): Term[] | undefined {
  const pieces = scan(text);
  if (pieces.some(hasOpenQuote)) return undefined;
  const terms: Term[] = [];
  let hasEither = false;
  let at = 0;
  while (at < pieces.length) {
    const piece = pieces[at];
    if (piece?.kind === "keyword" && piece.text !== "NOT") {
      if (at === 0 || at === pieces.length - 1) return undefined;
      hasEither ||= piece.text === "OR";
      at += 1;
      continue;
    }
    const found = termAt(text, pieces, at);
    if (found === undefined) return undefined;
    terms.push(found[0]);
    at = found[1];
  }
  if (!hasEither) return terms;
  const trimmed = text.trim();
  const start = text.indexOf(trimmed);
  const end = start + trimmed.length;
  return [{ kind: "group", isNot: false, text: trimmed, start, end, values: [] }];
}
