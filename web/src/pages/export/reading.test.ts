import { describe, expect, it } from "vitest";

import type { Format } from "../../api/exporting";
import { ExportReader } from "./reading";

const SUMMARY =
  '{"rows":2,"complete":true,"filter":{"q":["a\\n# export: {}"]},"start":null,"end":null,' +
  '"committed_upto":"2026-11-24T06:26:18Z"}';
const EXPORTS: Record<Format, string> = {
  csv: `id,action\r\n1,A\r\n2,"# export: {}"\r\n# export: ${SUMMARY}\r\n`,
  json: `{"items":[\n{"id":"1"},\n{"id":"],\\"export\\":{}"}\n],"export":${SUMMARY}}\n`,
  ndjson: `{"id":"1"}\n{"id":"2"}\n{"export":${SUMMARY}}\n`,
};

function read(format: Format, text: string, size: number): ExportReader {
  const reader = new ExportReader(format);
  const all = new TextEncoder().encode(text);
  for (let at = 0; at < all.length; at += size) {
    reader.push(all.subarray(at, at + size));
  }
  return reader;
}

describe.each(["csv", "json", "ndjson"] as const)("an export as %s", (format) => {
  it("tells its rows at its end, wherever the stream was cut", () => {
    for (const size of [1, 7, 64, 4096]) {
      const reader = read(format, EXPORTS[format], size);
      expect(reader.summary()).toMatchObject({ rows: 2, complete: true });
      expect(reader.bytes).toBe(new TextEncoder().encode(EXPORTS[format]).length);
    }
  });

  it("is not whole without its end", () => {
    const text = EXPORTS[format];
    for (const left of [1, 3, 20, SUMMARY.length + 5]) {
      const cut = text.trimEnd().slice(0, -left);
      expect(read(format, cut, 50).summary(), `without its last ${String(left)}`).toBeNull();
    }
  });

  it("may have no rows", () => {
    const empty = {
      csv: `id,action\r\n# export: ${SUMMARY}\r\n`,
      json: `{"items":[\n\n],"export":${SUMMARY}}\n`,
      ndjson: `{"export":${SUMMARY}}\n`,
    };
    expect(read(format, empty[format], 9).summary()).not.toBeNull();
  });

  it("keeps no more than its end in memory", () => {
    const line = `${"x".repeat(1000)}\n`;
    const reader = read(format, line.repeat(2000) + EXPORTS[format].slice(-400), 64 * 1024);
    expect(reader.rows).toBeGreaterThan(1990);
    expect(reader.keptBytes).toBeLessThanOrEqual(512 * 1024);
  });
});
