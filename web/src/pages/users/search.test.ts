import { describe, expect, it } from "vitest";

import { readMoment, sortedBy, validateUsersSearch } from "./search";

describe("validateUsersSearch", () => {
  it("reads what a link says and drops nonsense", () => {
    const raw = { search: "ada", role: "ADMIN,AUDITOR", status: "active,gone", sort: "size" };
    expect(validateUsersSearch(raw)).toEqual({
      search: "ada",
      role: ["ADMIN", "AUDITOR"],
      status: ["active"],
      sort: undefined,
      order: undefined,
    });
  });
});

describe("sortedBy", () => {
  it("begins a column with its usual order, and turns it with a second click", () => {
    const byName = sortedBy({}, "name");
    expect(byName).toEqual({ sort: "name", order: undefined });
    expect(sortedBy(byName, "name")).toEqual({ sort: "name", order: "desc" });
    expect(sortedBy({ sort: "name", order: "desc" }, "name").order).toBeUndefined();
  });

  it("turns the column that is sorted by without being named", () => {
    expect(sortedBy({}, "last_seen")).toEqual({ sort: "last_seen", order: "asc" });
  });
});

describe("readMoment", () => {
  it("takes a time with its zone, and nothing that is no time", () => {
    expect(readMoment("2026-11-24T10:00:00+01:00")).toBe("2026-11-24T09:00:00.000Z");
    expect(readMoment("2026-11-24T09:00:00.123456Z")).toBe("2026-11-24T09:00:00.123456Z");
    expect(readMoment("yesterday")).toBeUndefined();
    expect(readMoment(undefined)).toBeUndefined();
  });
});
