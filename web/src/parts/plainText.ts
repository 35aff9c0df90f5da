/** Characters that nobody sees but that change what is read: control, zero-width, bidirectional. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]/gu;

export interface TextPiece {
  text: string;
  /** The code of a hidden character, `U+202E`; text that is as it looks has none. */
  code?: string;
}

const NAMES: Partial<Record<string, string>> = { "\n": "↵", "\t": "⇥", "\r": "␍" };

function codeOf(sign: string): string {
  return `U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** Text in pieces: those as they are, and each hidden character as a mark that can be seen. */
export function piecesOf(text: string): TextPiece[] {
  const pieces: TextPiece[] = [];
  let from = 0;
  for (const found of text.matchAll(HIDDEN)) {
    if (found.index > from) {
      pieces.push({ text: text.slice(from, found.index) });
    }
    const code = codeOf(found[0]);
    pieces.push({ text: NAMES[found[0]] ?? code.slice(2), code });
    from = found.index + found[0].length;
  }
  if (from < text.length) {
    pieces.push({ text: text.slice(from) });
  }
  return pieces;
}

/** The same as one string, for titles and accessible names. */
export function visibleText(text: string): string {
  return piecesOf(text)
    .map((piece) => (piece.code === undefined ? piece.text : `⟨${piece.text}⟩`))
    .join("");
}
