import { describe, expect, it } from "vitest";

import { keyPieces, matchStroke, strokeText, type Shortcut } from "./keys";

const NONE = { shiftKey: false, metaKey: false, ctrlKey: false, altKey: false };

function shortcut(keys: string): Shortcut {
  return { keys, label: keys, run: () => undefined };
}

describe("strokes", () => {
  it.each([
    [{ ...NONE, key: "j" }, "j"],
    [{ ...NONE, key: "J", shiftKey: true }, "shift+j"],
    [{ ...NONE, key: "?", shiftKey: true }, "?"],
    [{ ...NONE, key: "/" }, "/"],
    [{ ...NONE, key: "Escape" }, "escape"],
    [{ ...NONE, key: "k", metaKey: true }, "mod+k"],
    [{ ...NONE, key: "k", ctrlKey: true }, "mod+k"],
    [{ ...NONE, key: "Shift", shiftKey: true }, null],
    [{ ...NONE, key: "k", ctrlKey: true, shiftKey: true }, null],
    [{ ...NONE, key: "j", altKey: true }, null],
  ])("%j is %s", (stroke, text) => {
    expect(strokeText(stroke)).toBe(text);
  });
});

describe("matching", () => {
  const all = [shortcut("g d"), shortcut("d"), shortcut("l"), shortcut("l")];

  it("waits for the second key of two", () => {
    expect(matchStroke(all, "", "g")).toEqual({ found: null, pending: "g" });
    expect(matchStroke(all, "g", "d").found?.keys).toBe("g d");
  });

  it("takes the last stroke alone where the sequence leads nowhere", () => {
    expect(matchStroke(all, "g", "l")).toEqual({ found: all[3], pending: "" });
    expect(matchStroke(all, "g", "x")).toEqual({ found: null, pending: "" });
    expect(matchStroke(all, "g", "g")).toEqual({ found: null, pending: "g" });
  });

  it("prefers what was added last", () => {
    expect(matchStroke(all, "", "l").found).toBe(all[3]);
  });
});

it("shows keys piece by piece", () => {
  expect(keyPieces("g d")).toEqual([["g"], ["d"]]);
  expect(keyPieces("shift+d")).toEqual([["shift", "d"]]);
});
