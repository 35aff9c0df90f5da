import { describe, expect, it } from "vitest";

import { piecesOf, visibleText } from "./plainText";

describe("text from outside", () => {
  it("is one piece where all of it can be seen", () => {
    expect(piecesOf("Zoë <b>x</b> 漢字 🙂")).toEqual([{ text: "Zoë <b>x</b> 漢字 🙂" }]);
  });

  it.each([
    ["\u202egnp.exe", "⟨202E⟩gnp.exe"],
    ["a\u0000b", "a⟨0000⟩b"],
    ["ad\u200bmin", "ad⟨200B⟩min"],
    ["two\nlines", "two⟨↵⟩lines"],
    ["\ufeffbom", "⟨FEFF⟩bom"],
    ["tag\u{e0041}", "tag⟨E0041⟩"],
    ["\u3164", "⟨3164⟩"],
  ])("shows what is hidden in %j", (text, shown) => {
    expect(visibleText(text)).toBe(shown);
  });

  it("names each hidden character", () => {
    expect(piecesOf("a\u2066b")).toEqual([
      { text: "a" },
      { text: "2066", code: "U+2066" },
      { text: "b" },
    ]);
  });
});
