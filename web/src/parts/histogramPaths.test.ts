import { describe, expect, it } from "vitest";

import { layerPaths } from "./histogramPaths";

const SIZE = { top: 10, width: 40, height: 100 };

describe("layerPaths", () => {
  it("stacks layers from the ground up", () => {
    const paths = layerPaths([{ start: "", counts: { A: 5, B: 2 } }], ["A", "B"], SIZE);
    expect(paths).toEqual([
      { key: "A", path: "M0.5 100v-50h39v50z" },
      { key: "B", path: "M0.5 50v-20h39v20z" },
    ]);
  });

  it("shows one event among very many, and nothing for none", () => {
    const few = layerPaths([{ start: "", counts: { A: 1 } }], ["A", "B"], { ...SIZE, top: 10_000 });
    expect(few[0]?.path).toContain("v-1h");
    expect(few[1]?.path).toBe("");
  });

  it("stays within the chart", () => {
    const over = layerPaths([{ start: "", counts: { A: 50 } }], ["A"], SIZE);
    expect(over[0]?.path).toContain("v-100h");
  });
});
