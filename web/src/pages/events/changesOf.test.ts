import { describe, expect, it } from "vitest";

import { changesOf, isSame } from "./changesOf";

function rows(details: Record<string, unknown>): unknown[][] {
  return changesOf(details).map(({ field, before, after }) => [
    field,
    before.kind === "value" ? before.value : before.kind,
    after.kind === "value" ? after.value : after.kind,
  ]);
}

describe("changesOf", () => {
  it("reads one field with its values alone, as the product text has it", () => {
    const details = { changed_fields: ["role"], old_value: "DEVELOPER", new_value: "ADMIN" };
    expect(rows(details)).toEqual([["role", "DEVELOPER", "ADMIN"]]);
  });

  it("reads several fields with objects by field, as the own trail writes them", () => {
    const details = {
      changed_fields: ["name", "role", "tags"],
      old_value: { name: "a", role: "X", tags: ["b"] },
      new_value: { name: "b", role: null, tags: ["c"] },
    };
    expect(rows(details)).toEqual([
      ["name", "a", "b"],
      ["role", "X", null],
      ["tags.0", "b", "c"],
    ]);
  });

  it("shows only what differs inside one field whose value is an object", () => {
    const details = {
      changed_fields: ["limits"],
      old_value: { cpu: 1, memory: 2 },
      new_value: { cpu: 4, memory: 2 },
    };
    expect(rows(details)).toEqual([["limits.cpu", 1, 4]]);
  });

  it("tells absent from null, and untold from both", () => {
    expect(
      rows({ changed_fields: ["a", "b"], old_value: { a: 1 }, new_value: { a: 1, b: null } }),
    ).toEqual([
      ["a", 1, 1],
      ["b", "absent", null],
    ]);
    expect(rows({ changed_fields: ["certificate"] })).toEqual([
      ["certificate", "untold", "untold"],
    ]);
    expect(rows({ changed_fields: ["a", "b"], new_value: "x" })).toEqual([
      ["a", "untold", "untold"],
      ["b", "untold", "untold"],
    ]);
  });

  it("reads maps and lists of changes", () => {
    expect(rows({ changes: { role: { old: "A", new: "B" }, size: [1, 2] } })).toEqual([
      ["role", "A", "B"],
      ["size", 1, 2],
    ]);
    expect(rows({ changes: [{ field: "role", from: "A", to: "B" }, { odd: 1 }] })).toEqual([
      ["role", "A", "B"],
    ]);
    expect(rows({ changes: "many" })).toEqual([]);
  });

  it("reads two maps without a list of fields", () => {
    expect(rows({ old: { a: 1, b: 2 }, new: { a: 1, c: 3 } })).toEqual([
      ["b", 2, "absent"],
      ["c", "absent", 3],
    ]);
    expect(rows({ field: "quota", before: 10, after: 43 })).toEqual([["quota", 10, 43]]);
    expect(rows({ old_value: "x", new_value: "y" })).toEqual([["value", "x", "y"]]);
  });

  it("finds none where nothing changed", () => {
    expect(rows({ endpoint_name: "production-api", reason: "No longer needed" })).toEqual([]);
    expect(rows({ new: true })).toEqual([]);
    expect(rows({ new_value: { a: 1 } })).toEqual([["a", "untold", 1]]);
  });

  it("is not fooled by names of every object", () => {
    expect(rows({ changed_fields: ["constructor"], old_value: {}, new_value: "x" })).toEqual([
      ["constructor", {}, "x"],
    ]);
  });
});

describe("isSame", () => {
  it("compares JSON by value, in any order of keys", () => {
    expect(isSame({ a: [1, { b: null }], c: "x" }, { c: "x", a: [1, { b: null }] })).toBe(true);
    expect(isSame({ a: 1 }, { a: 1, b: undefined })).toBe(false);
    expect(isSame([1, 2], [2, 1])).toBe(false);
    expect(isSame("1", 1)).toBe(false);
  });
});
