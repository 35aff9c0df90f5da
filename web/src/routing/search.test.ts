import { describe, expect, it } from "vitest";

import {
  parseSearch,
  readFlag,
  readList,
  readOneOf,
  readSomeOf,
  readText,
  readWhole,
  stringifySearch,
} from "./search";

describe("addresses", () => {
  it("are readable", () => {
    const search = { action: ["UPDATE", "DELETE"], q: "user:bob@acme.io prod", range: "7d" };
    expect(stringifySearch(search)).toBe("?action=UPDATE,DELETE&q=user:bob@acme.io+prod&range=7d");
  });

  it("leave out what is absent", () => {
    expect(stringifySearch({ a: undefined, b: null, c: [], d: {} })).toBe("");
  });

  it.each([
    "plain",
    "a,b",
    "back\\slash",
    "\\,",
    "100% & more = ?#",
    "a+b c",
    "it's “quoted”",
    "  spaces  ",
    "\u202egnp.exe",
  ])("bring back %j, as text and within a list", (value) => {
    const text = stringifySearch({ one: value, many: [value, "x", value + value] });
    const parsed = parseSearch(text);
    expect(readText(parsed.one)).toBe(value);
    expect(readList(parsed.many)).toEqual([...new Set([value, "x", value + value])]);
  });

  it("take the API's way of writing lists", () => {
    expect(readList(parseSearch("?action=UPDATE&action=DELETE").action)).toEqual([
      "UPDATE",
      "DELETE",
    ]);
  });

  it("survive what is no address", () => {
    expect(parseSearch("?a=%zz&&=&b")).toEqual({ a: "%zz", "": "", b: "" });
    expect(parseSearch("")).toEqual({});
  });

  it("do not reach prototypes", () => {
    const parsed = parseSearch("?__proto__=x");
    expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
    expect(Object.keys(parsed)).toEqual(["__proto__"]);
  });
});

describe("reading parameters", () => {
  it("takes typed values from links as they are", () => {
    expect(readList(["a,b", "c"])).toEqual(["a,b", "c"]);
    expect(readWhole(5, 1, 10)).toBe(5);
    expect(readFlag(true)).toBe(true);
  });

  it("drops nonsense", () => {
    expect(readText("")).toBeUndefined();
    expect(readText({})).toBeUndefined();
    expect(readList(",,")).toBeUndefined();
    expect(readOneOf("x", ["a", "b"])).toBeUndefined();
    expect(readSomeOf("b,x", ["a", "b"])).toEqual(["b"]);
    expect(readSomeOf("x", ["a", "b"])).toBeUndefined();
    expect(readFlag("yes")).toBeUndefined();
    expect(readWhole("1.5", 1, 10)).toBeUndefined();
    expect(readWhole("", 0, 10)).toBeUndefined();
    expect(readWhole("11", 1, 10)).toBeUndefined();
  });
});
