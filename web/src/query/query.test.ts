import { describe, expect, it } from "vitest";

import { complete, completionAt, fieldsLike, valuesLike } from "./complete";
import {
  addFilter,
  bothOf,
  clearField,
  excludeFilter,
  flipTerm,
  queryOf,
  removeTerm,
  toggleFilter,
  valuesOf,
} from "./edit";
import { detailsField, quoteValue } from "./fields";
import { scan } from "./scan";
import { termsOf } from "./terms";

describe("scan", () => {
  it("covers every sign that is not space, whatever is typed", () => {
    const typed = [
      'action:(CREATE OR DELETE) -status:FAILED "prod \\" api" details."a.b".c:>5',
      '(a OR -b) NOT user:"x y"*z, ip:2001:db8::/32',
      '"open \\',
      "action:(",
      "))((::--,,",
      'details.:x "',
    ];
    for (const text of typed) {
      for (let cut = 0; cut <= text.length; cut += 1) {
        const part = text.slice(0, cut);
        const pieces = scan(part);
        const read = pieces.map(({ start, end }) => part.slice(start, end)).join("");
        expect(read.replace(/\s/g, "")).toBe(part.replace(/\s/g, ""));
      }
    }
  });

  it("knows what stands in a list of values and what does not", () => {
    const kinds = scan("action:(OR, -x) -y,z").map((piece) => [piece.kind, piece.text]);
    expect(kinds).toEqual([
      ["name", "action"],
      ["open", "("],
      ["value", "OR"],
      ["comma", ","],
      ["value", "-x"],
      ["close", ")"],
      ["minus", "-"],
      ["value", "y,z"],
    ]);
  });
});

describe("terms", () => {
  it("cuts a query where all must match", () => {
    const terms = termsOf('action:(CREATE, DELETE) AND -email:a@b.io NOT (x OR y) "prod api"');
    expect(terms?.map(({ kind, isNot, text }) => [kind, isNot, text])).toEqual([
      ["field", false, "action:(CREATE, DELETE)"],
      ["field", true, "-email:a@b.io"],
      ["group", true, "NOT (x OR y)"],
      ["text", false, '"prod api"'],
    ]);
    expect(terms?.[0]?.values.map((each) => each.literal)).toEqual(["CREATE", "DELETE"]);
    expect(terms?.[1]?.field).toBe("user_email");
  });

  it("takes alternatives as one", () => {
    expect(termsOf(" a OR b c ")).toEqual([
      { kind: "group", isNot: false, text: "a OR b c", start: 1, end: 9, values: [] },
    ]);
  });

  it("leaves alone what is not whole", () => {
    for (const text of ['"open', "action:", "action:(A", "(a", "a)", "-", "OR a", "a OR", "x: y"]) {
      expect(termsOf(text), text).toBeUndefined();
    }
    expect(termsOf("")).toEqual([]);
  });

  it("has no literal for wildcards outside quotes", () => {
    expect(termsOf('a:"*"* b:"*"')?.map((term) => term.values[0]?.literal)).toEqual([
      undefined,
      "*",
    ]);
  });
});

describe("filters", () => {
  it("adds values of one field to each other, and fields beside each other", () => {
    let q = addFilter("", "action", "DELETE");
    q = addFilter(q, "action", "CREATE");
    q = addFilter(q, "type", "PROJECT");
    expect(q).toBe("action:(DELETE OR CREATE) resource_type:PROJECT");
    expect(addFilter(q, "action", "delete")).toBe(q);
  });

  it("moves a value from one side to the other", () => {
    expect(excludeFilter("action:(A OR B) x", "action", "A")).toBe("action:B x -action:A");
    expect(addFilter("-action:(A OR B)", "action", "B")).toBe("-action:A action:B");
  });

  it("toggles, clears and lists", () => {
    const q = 'status:FAILED x -action:(READ OR "LOG IN")';
    expect(toggleFilter(q, "status", "FAILED")).toBe('x -action:(READ OR "LOG IN")');
    expect(toggleFilter("x", "status", "FAILED")).toBe("x status:FAILED");
    expect(clearField(q, "action")).toBe("status:FAILED x");
    expect(valuesOf(q, "action", true)).toEqual(["READ", "LOG IN"]);
  });

  it("keeps the meaning of alternatives beside a new filter", () => {
    expect(addFilter("a OR b", "action", "X")).toBe("(a OR b) action:X");
    expect(removeTerm("(a OR b) action:X", 1)).toBe("(a OR b)");
    expect(flipTerm("a OR b", 0)).toBe("-(a OR b)");
    expect(bothOf("a OR b", "c")).toBe("(a OR b) c");
    expect(bothOf("", " c ")).toBe("c");
  });

  it("flips both ways", () => {
    expect(flipTerm("a action:(B OR C)", 1)).toBe("a -action:(B OR C)");
    expect(flipTerm("-a NOT b", 0)).toBe("a NOT b");
    expect(flipTerm("-a NOT b", 1)).toBe("-a b");
  });

  it("does not lose what is being typed", () => {
    expect(addFilter('"open', "action", "X")).toBe('action:X "open');
    expect(clearField('"open', "action")).toBe('"open');
  });

  it("quotes what would mean something else", () => {
    expect(quoteValue("resource_name", "prod api")).toBe('"prod api"');
    expect(quoteValue("resource_name", "50*")).toBe('"50*"');
    expect(quoteValue("resource_name", "OR")).toBe('"OR"');
    expect(quoteValue("resource_name", 'say "hi" \\')).toBe('"say \\"hi\\" \\\\"');
    expect(quoteValue("user_id", null)).toBe('""');
    expect(quoteValue("details.count", 5)).toBe("5");
    expect(quoteValue("details.count", "5")).toBe('"5"');
    expect(quoteValue("details.ok", "true")).toBe('"true"');
    expect(quoteValue("details.note", null)).toBe("null");
    expect(quoteValue("ip_address", "2001:db8::1")).toBe("2001:db8::1");
    expect(detailsField(["a.b", "c", "0"])).toBe('details."a.b".c.0');
  });

  it("makes a query of values", () => {
    expect(queryOf({ action: ["A", "B"], user_id: "u 1", status: undefined, source: [] })).toBe(
      'action:(A OR B) user_id:"u 1"',
    );
  });
});

describe("completion", () => {
  it("offers fields where a term begins", () => {
    expect(completionAt("", 0)).toMatchObject({ kind: "field", prefix: "" });
    expect(completionAt("-sta", 4)).toMatchObject({ kind: "field", prefix: "sta", start: 1 });
    expect(completionAt("(a OR us", 8)).toMatchObject({ kind: "field", prefix: "us" });
    expect(completionAt('"us', 3)).toBeUndefined();
  });

  it("offers values after a field, in a list too", () => {
    expect(completionAt("type:", 5)).toMatchObject({ kind: "value", field: "resource_type" });
    expect(completionAt("action:(A OR d", 14)).toMatchObject({ field: "action", prefix: "d" });
    expect(completionAt("action:(A ", 10)).toBeUndefined();
    expect(completionAt("details.a:", 10)).toBeUndefined();
    expect(completionAt('resource:"prod a', 16)).toMatchObject({ prefix: "prod a", start: 9 });
  });

  it("replaces the whole word and leaves the rest", () => {
    const text = "action:DE x";
    const place = completionAt(text, 8);
    expect(place).toBeDefined();
    if (place === undefined) return;
    expect(complete(text, place, "DELETE")).toEqual({ text: "action:DELETE x", caret: 13 });
    expect(complete("us", { kind: "field", prefix: "us", start: 0, end: 2 }, "user")).toEqual({
      text: "user:",
      caret: 5,
    });
  });

  it("puts what begins with the prefix first", () => {
    expect(fieldsLike("re").slice(0, 2)).toEqual(["resource_type", "resource"]);
    expect(fieldsLike("name")).toEqual(["resource_name"]);
    expect(valuesLike(["LOGIN_FAILED", "FAILED"], "fail")).toEqual(["FAILED", "LOGIN_FAILED"]);
  });
});
