/** Finds the numbers of a sentence, so that they can stand out. */

export interface Piece {
  text: string;
  isNumber: boolean;
}

// A number with its unit where it has one; dates, times and addresses are wholes, too.
const UNITS = String.raw`%|km\/h|km|h|min|days?|hours?|minutes?|seconds?|events?`;
const WHOLES = [
  String.raw`\d{4}-\d\d-\d\d(?: \d\d:\d\d(?::\d\d)?)?`,
  String.raw`[\da-f]{1,4}(?::[\da-f]{0,4}){2,7}(?:\/\d+)?`,
  String.raw`\d\d:\d\d(?:-\d\d:\d\d)?`,
  String.raw`\d{1,3}(?:\.\d{1,3}){3}(?:\/\d+)?`,
  String.raw`\d\d-\d\d h`,
  String.raw`\d[\d,]*(?:\.\d+)?(?: ?(?:${UNITS}))?`,
];
const NUMBER = new RegExp(`(?<![\\w@.:-])(?:${WHOLES.join("|")})(?![\\w@-])`, "g");

/** The sentence in pieces that together are the sentence. */
export function pieces(sentence: string): Piece[] {
  const found: Piece[] = [];
  let from = 0;
  for (const match of sentence.matchAll(NUMBER)) {
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
