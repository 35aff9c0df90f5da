import { describe, expect, it } from "vitest";

import type { Export } from "../../api/exporting";
import { exportCurl, exportPython, pythonText } from "./commands";

const WANTED: Export = {
  filter: {
    q: `user:"o'brien" (a OR b)!`,
    action: ["CREATE", "DELETE"],
    start_date: "2026-11-01T00:00:00+01:00",
    limit: 50,
    cursor: "abc",
    user_id: undefined,
  },
  format: "csv",
  order: "asc",
  hasBom: true,
};

describe("exportCurl", () => {
  const text = exportCurl(WANTED, "https://trail.example");

  it("asks for exactly the filter, without pages", () => {
    const url = new URL(/'([^']+)'/.exec(text)?.[1] ?? "");
    expect([...url.searchParams]).toEqual([
      ["format", "csv"],
      ["action", "CREATE"],
      ["action", "DELETE"],
      ["q", `user:"o'brien" (a OR b)!`],
      ["start_date", "2026-11-01T00:00:00+01:00"],
      ["order", "asc"],
      ["bom", "true"],
    ]);
  });

  it("leaves a shell nothing to run", () => {
    expect(text.split("'")).toHaveLength(3);
    expect(text).not.toContain("!");
    expect(text).toContain('"Authorization: Bearer $TRAILKEEPER_API_KEY"');
  });
});

describe("exportPython", () => {
  it("has the parameters as pairs, so that a name may come twice", () => {
    const text = exportPython(WANTED, "https://trail.example");
    expect(text).toContain('("action", "CREATE"),\n    ("action", "DELETE"),');
    expect(text).toContain(`("q", "user:\\"o'brien\\" (a OR b)!"),`);
    expect(text).not.toContain("cursor");
  });
});

describe("pythonText", () => {
  it("escapes what ends a text, what hides, and what lies beyond the first plane", () => {
    expect(pythonText('a"\\\n\u202e😀é')).toBe('"a\\"\\\\\\u000a\\u202e\\U0001f600\\u00e9"');
  });
});
