import { describe, expect, it } from "vitest";

import { leavesOf, nodesOf, searched } from "./tree";

const DETAILS = {
  reason: "No longer needed",
  headers: [{ authorization: "[REDACTED]" }, { accept: "text/html" }],
  limits: { cpu: 4, gpu: null },
};
const NODES = nodesOf(DETAILS, new Set(["details.headers.0.authorization"]));

describe("nodesOf", () => {
  it("keeps the order and marks what was redacted", () => {
    expect(NODES.map((node) => node.name)).toEqual(["reason", "headers", "limits"]);
    const header = NODES[1]?.children?.[0]?.children?.[0];
    expect(header?.path).toEqual(["headers", 0, "authorization"]);
    expect(header?.isRedacted).toBe(true);
    expect(NODES[0]?.isRedacted).toBe(false);
  });
});

describe("searched", () => {
  it("finds in values, with the way to them", () => {
    const found = searched(NODES, "HTML");
    expect(found.map((node) => node.name)).toEqual(["headers"]);
    expect(found[0]?.children?.map((node) => node.name)).toEqual(["1"]);
  });

  it("finds in names, with all below them", () => {
    expect(searched(NODES, "limit")[0]?.children).toHaveLength(2);
    expect(searched(NODES, "null")[0]?.children?.map((node) => node.name)).toEqual(["gpu"]);
    expect(searched(NODES, "nowhere")).toEqual([]);
    expect(searched(NODES, " ")).toHaveLength(3);
  });
});

describe("leavesOf", () => {
  it("lists every leaf by its path", () => {
    expect(leavesOf({ a: { b: [1, {}] }, c: null })).toEqual([
      ["details.a.b.0", 1],
      ["details.a.b.1", {}],
      ["details.c", null],
    ]);
  });
});
