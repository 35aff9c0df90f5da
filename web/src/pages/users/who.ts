/** How people and keys are called where only some of what is known of them is there. */

interface Known {
  user_id: string;
  name?: string | null;
  user_email?: string | null;
  email?: string | null;
}

const KEY = "api-key:";

export function isKey(userId: string): boolean {
  return userId.startsWith(KEY);
}

/** Name, else e-mail, else id. */
export function nameOf(known: Known): string {
  return known.name ?? known.user_email ?? known.email ?? known.user_id;
}

/** What stands below the name: the e-mail, or the id where the e-mail is the name. */
export function detailOf(known: Known): string {
  const email = known.user_email ?? known.email ?? null;
  return email === null || nameOf(known) === email ? known.user_id : email;
}

/** One or two letters: of the first and the last word. */
export function initialsOf(name: string): string {
  const words = name
    .replace(/@.*/, "")
    .split(/[\s._-]+/)
    .filter((word) => word !== "");
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined];
  return letters
    .map((word) => String.fromCodePoint(...firstCodePoint(word ?? "")))
    .join("")
    .toUpperCase();
}

function firstCodePoint(word: string): number[] {
  const code = word.codePointAt(0);
  return code === undefined ? [] : [code];
}
