/** Finds the numbers of a sentence, so that they can stand out. */

export interface Piece {
  text: string;
  isNumber: boolean;
}

// A number with its unit where it has one; dates, times and addresses are wholes, too.
const NUMBER =
  /\d{4}-\d\d-\d\d(?: \d\d:\d\d(?::\d\d)?)?|\d\d:\d\d(?:-\d\d:\d\d)?|\d{1,3}(?:\.\d{1,3}){3}(?:\/\d+)?|\d\d-\d\d h|\d[\d,]*(?:\.\d+)?(?: ?(?:%|km\/h|km|h|min|days?|hours?|minutes?|seconds?|events?)(?![\w-]))?/g;

/** The sentence in pieces that together are the sentence. */
export function pieces(sentence: string): Piece[] {
  const found: Piece[] = [];
  let from = 0;
  for (const match of sentence.matchAll(NUMBER)) {
    if (isWithinWord(sentence, match.index)) {
      continue;
    }
    if (match.index > from) {
      found.push({ text: sentence.slice(from, match.index), isNumber: false });
    }
    // A thousands separator at the end is the sentence's comma.
    const text = match[0].replace(/,$/, "");
    found.push({ text, isNumber: true });
    from = match.index + text.length;
  }
  if (from < sentence.length) {
    found.push({ text: sentence.slice(from), isNumber: false });
  }
  return found;
}

function isWithinWord(sentence: string, at: number): boolean {
  return at > 0 && /[\w@.-]/.test(sentence.charAt(at - 1));
}
