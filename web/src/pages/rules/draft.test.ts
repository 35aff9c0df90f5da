import { describe, expect, it } from "vitest";

import { asCopy, EMPTY_FORM, formOfSearch, isAskable, toBody, withId } from "./draft";

const TEXT = `title: 'Many: the events'
id: 11111111-1111-1111-1111-111111111111
detection:
  s1:
    action: DELETE
  condition: s1
---
title: Many
id: 22222222-2222-2222-2222-222222222222
level: high
`;

describe("withId", () => {
  it("changes the id of the rule that raises, and nothing else", () => {
    expect(withId(TEXT, "x")).toBe(TEXT.replace("22222222-2222-2222-2222-222222222222", "x"));
    expect(withId("title: none\n", "x")).toBe("title: none\n");
  });
});

describe("asCopy", () => {
  it("has no ids and another title", () => {
    const copy = asCopy(TEXT, "Many", "Copy of Many");
    expect(copy).not.toContain("id:");
    expect(copy).toContain("\n---\ntitle: Copy of Many\nlevel: high\n");
    expect(copy).toContain("condition: s1");
  });
});

describe("a draft", () => {
  it("is asked about when it says something", () => {
    expect(isAskable({ by: "form", form: EMPTY_FORM })).toBe(false);
    expect(isAskable({ by: "form", form: formOfSearch("action:X", (q) => `On ${q}`) })).toBe(true);
    expect(isAskable({ by: "text", text: " \n" })).toBe(false);
  });

  it("is sent as what was changed last", () => {
    expect(toBody({ by: "text", text: "a" })).toEqual({ text: "a" });
    expect(toBody({ by: "form", form: EMPTY_FORM })).toEqual({ form: EMPTY_FORM });
  });
});
