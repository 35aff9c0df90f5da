/** Keys as text: `j`, `shift+d`, `?`, `escape`, `mod+k`; two after each other as `g d`. */

export interface Shortcut {
  keys: string;
  /** What it does, for the list of shortcuts. */
  label: string;
  run: () => void;
}

export interface Stroke {
  key: string;
  shiftKey: boolean;
  metaKey: boolean;
  ctrlKey: boolean;
  altKey: boolean;
}

/** A stroke as text; `null` for modifiers alone and for what belongs to the browser. */
export function strokeText(stroke: Stroke): string | null {
  const key = stroke.key === " " ? "space" : stroke.key.toLowerCase();
  if (["shift", "control", "meta", "alt", "altgraph", "dead", "capslock"].includes(key)) {
    return null;
  }
  if (stroke.metaKey || stroke.ctrlKey) {
    return stroke.altKey || stroke.shiftKey ? null : `mod+${key}`;
  }
  if (stroke.altKey) {
    return null;
  }
  // `?` is Shift and another key on many keyboards: the sign is what counts, but for letters.
  const isLetterOrName = /^(\p{L}|[a-z0-9]{2,})$/u.test(key);
  return stroke.shiftKey && isLetterOrName ? `shift+${key}` : key;
}

export interface Match {
  /** What to run, if the strokes so far are a shortcut. */
  found: Shortcut | null;
  /** The strokes so far, where they may still become one. */
  pending: string;
}

/** Goes on from the strokes so far by one. Of several with the same keys the last one counts. */
export function matchStroke(
  shortcuts: readonly Shortcut[],
  pending: string,
  stroke: string,
): Match {
  const both = pending === "" ? stroke : `${pending} ${stroke}`;
  const found = shortcuts.findLast(({ keys }) => keys === both);
  if (found !== undefined) {
    return { found, pending: "" };
  }
  if (shortcuts.some(({ keys }) => keys.startsWith(`${both} `))) {
    return { found: null, pending: both };
  }
  // A sequence that leads nowhere is forgotten, and its last stroke counts alone.
  return pending === "" ? { found: null, pending: "" } : matchStroke(shortcuts, "", stroke);
}

/** Keys in the pieces that are shown: strokes of keys. */
export function keyPieces(keys: string): string[][] {
  return keys.split(" ").map((stroke) => (stroke === "+" ? ["+"] : stroke.split("+")));
}
