// Writes a .br and a .gz beside each file of the built console that gets smaller by it.
//
// Once at build time, as small as can be, so that the service compresses nothing.
// Usage: node compress_console.mjs <folder>

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const COMPRESSIBLE = new Set([".css", ".js", ".json", ".svg", ".txt", ".webmanifest"]);
const WORTH_IT_BYTES = 512;

const [folder] = process.argv.slice(2);
for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !COMPRESSIBLE.has(extname(entry.name))) continue;
  const path = join(entry.parentPath, entry.name);
  const plain = readFileSync(path);
  if (plain.length < WORTH_IT_BYTES) continue;
  const coded = {
    ".br": brotliCompressSync(plain, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
      },
    }),
    ".gz": gzipSync(plain, { level: constants.Z_BEST_COMPRESSION }),
  };
  for (const [suffix, body] of Object.entries(coded)) {
    if (body.length < plain.length) writeFileSync(path + suffix, body);
  }
}
