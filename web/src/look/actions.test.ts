import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

import { ACTION_ORDER, actionLook } from "./actions";

const css = readFileSync("src/styles/global.css", "utf8");
const SEED = ["CREATE", "UPDATE", "DELETE", "LOGIN", "LOGIN_FAILED"];
const GROUNDS = {
  light: ["#ffffff", "#f6f7f9", "#f1f3f7", "#e9ebfe"],
  dark: ["#16181d", "#1b1e24", "#24272f", "#262a4d"],
};

function luminance(hex: string): number {
  const parts = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255);
  const [red = 0, green = 0, blue = 0] = parts.map((part) =>
    part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** WCAG 2.2's ratio of two colours. */
function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

describe("actions", () => {
  it("of the specification each have a look of their own", () => {
    const looks = SEED.map(actionLook);
    expect(new Set(looks.map(({ colour }) => colour)).size).toBe(SEED.length);
    expect(new Set(looks.map(({ icon }) => icon)).size).toBe(SEED.length);
  });

  it("that a sender made up look alike", () => {
    expect(actionLook("FROBNICATE")).toBe(actionLook("toString"));
  });

  it("are stacked in an order that names those of the specification first", () => {
    expect(ACTION_ORDER.slice(0, SEED.length)).toEqual(SEED);
  });

  const pairs = [...css.matchAll(/(--tk-[\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)]
    .map(([, name = "", light = "", dark = ""]) => ({ name, light, dark }))
    .filter(({ name }) => /action|critical|high|medium|low|informational|good|bad/.test(name));

  it("have colours for both themes", () => {
    const named = new Set(pairs.map(({ name }) => `var(${name})`));
    expect(pairs.length).toBeGreaterThan(12);
    for (const action of [...SEED, "EXPORT", "VIEW", "FROBNICATE", "PASSWORD_RESET"]) {
      expect(named).toContain(actionLook(action).colour);
    }
  });

  it.each(pairs)("$name passes as text on every surface", ({ light, dark }) => {
    for (const ground of GROUNDS.light) {
      expect(contrast(light, ground)).toBeGreaterThanOrEqual(4.5);
    }
    for (const ground of GROUNDS.dark) {
      expect(contrast(dark, ground)).toBeGreaterThanOrEqual(4.5);
    }
  });
});
