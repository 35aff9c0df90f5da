import { describe, expect, it } from "vitest";

import { toFilter, toggled, toRange, validateSecuritySearch, withRange } from "./search";

const NOW = new Date("2026-11-24T12:00:00Z");

describe("validateSecuritySearch", () => {
  it("keeps what it knows and drops nonsense", () => {
    expect(
      validateSecuritySearch({
        state: ["open", "lost"],
        severity: "high,critical",
        rule: "r",
        assignee: "nobody",
        range: "7d",
        other: "x",
      }),
    ).toEqual({
      state: ["open"],
      severity: ["critical", "high"],
      rule: "r",
      assignee: "nobody",
      range: "7d",
    });
    expect(validateSecuritySearch({ state: 7, tab: "none", range: "1y", rule: "" })).toEqual({});
  });

  it("round-trips a range, and has none where none is named", () => {
    const search = validateSecuritySearch({ range: "30d", rule: "r" });
    expect(toRange(search)).toEqual({ range: "30d" });
    expect(withRange({ rule: "r" }, toRange(search))).toEqual(search);
    expect(toRange(validateSecuritySearch({ rule: "r" }))).toBeNull();
  });
});

describe("toFilter", () => {
  it("asks for what waits, where nothing is said", () => {
    expect(toFilter({}, NOW)).toEqual({ state: ["open", "acknowledged"] });
  });

  it("asks for all states without naming them", () => {
    const state = ["open", "acknowledged", "resolved", "false_positive"] as const;
    expect(toFilter({ state: [...state] }, NOW)).toEqual({});
  });

  it("asks for nobody's", () => {
    expect(toFilter({ state: ["open"], assignee: "nobody" }, NOW)).toEqual({
      state: ["open"],
      assignee: "",
    });
  });
});

describe("toggled", () => {
  it("puts in and takes out", () => {
    expect(toggled(["a"], "b")).toEqual(["a", "b"]);
    expect(toggled(["a", "b"], "a")).toEqual(["b"]);
  });
});
