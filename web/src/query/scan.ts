/**
 * Cuts a query into its pieces, with their places. It refuses nothing: a query is scanned while
 * it is being typed. Whether it is right, the service says.
 */

export type PieceKind = "name" | "value" | "open" | "close" | "comma" | "minus" | "keyword";

export interface Piece {
  kind: PieceKind;
  /** As written; a name without its colon. */
  text: string;
  start: number;
  end: number;
}

const SPACE = /\s+/y;
const KEYWORD = /(AND|OR|NOT)(?=[\s()"]|$)/y;
const DETAILS = /details(?:\.(?:"(?:[^"\\]|\\[\s\S])*"|[^\s.:"()]+))+:/y;
const NAME = /[A-Za-z_][A-Za-z0-9_.-]*:/y;
const QUOTED = /"(?:[^"\\]|\\[\s\S])*(?:"|\\?$)/y;
const BARE = /[^\s()"]+/y;
const BARE_IN_GROUP = /[^\s()",]+/y;

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** A value from `at` on: quoted and bare parts together, as in `"My "*project`. */
function valueEnd(text: string, at: number, isInList: boolean): number {
  let end = at;
  for (;;) {
    const part = matchAt(QUOTED, text, end) ?? matchAt(isInList ? BARE_IN_GROUP : BARE, text, end);
    if (part === undefined) return end;
    end += part.length;
  }
}

/** Whether a quote that is opened is never closed. */
export function hasOpenQuote(piece: Piece): boolean {
  let isOpen = false;
  for (let at = 0; at < piece.text.length; at += 1) {
    const sign = piece.text[at];
    if (isOpen && sign === "\\") at += 1;
    else if (sign === '"') isOpen = !isOpen;
  }
  return isOpen;
}

export function scan(text: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  // How deep in parentheses, and at which depth a list of one field's values began.
  let depth = 0;
  let listDepth = -1;

  const push = (kind: PieceKind, length: number, shown = length): void => {
    pieces.push({ kind, text: text.slice(at, at + shown), start: at, end: at + length });
    at += length;
  };

  while (at < text.length) {
    const space = matchAt(SPACE, text, at);
    if (space !== undefined) {
      at += space.length;
      continue;
    }
    const previous = pieces.at(-1);
    const followsName = previous?.kind === "name" && previous.end === at;
    const isInList = listDepth >= 0;
    const sign = text[at];
    if (sign === "(") {
      depth += 1;
      if (followsName && !isInList) listDepth = depth;
      push("open", 1);
    } else if (sign === ")") {
      if (listDepth === depth) listDepth = -1;
      depth -= 1;
      push("close", 1);
    } else if (isInList && sign === ",") {
      push("comma", 1);
    } else if (
      !followsName &&
      !(isInList && previous?.kind !== "value") &&
      matchAt(KEYWORD, text, at) !== undefined
    ) {
      push("keyword", (matchAt(KEYWORD, text, at) ?? "").length);
    } else if (!followsName && !isInList && sign === "-") {
      push("minus", 1);
    } else {
      const name =
        followsName || isInList
          ? undefined
          : (matchAt(DETAILS, text, at) ?? matchAt(NAME, text, at));
      if (name !== undefined) push("name", name.length, name.length - 1);
      else push("value", valueEnd(text, at, isInList) - at);
    }
  }
  return pieces;
}

/** What a value as written stands for; undefined where it has a wildcard and is no one text. */
export function literalOf(written: string): string | undefined {
  let literal = "";
  let isOpen = false;
  for (let at = 0; at < written.length; at += 1) {
    const sign = written[at] ?? "";
    const next = written[at + 1];
    if (sign === '"') isOpen = !isOpen;
    else if (isOpen && sign === "\\" && (next === '"' || next === "\\")) {
      literal += next;
      at += 1;
    } else if (!isOpen && sign === "*") return undefined;
    else literal += sign;
  }
  return literal;
}
