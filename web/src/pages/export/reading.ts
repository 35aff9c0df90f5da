/** Reads an export as it streams: how many rows have come, and whether it is whole. */
import type { Format, Summary } from "../../api/exporting";

/** The summary repeats the filter, which has up to 200 values of 512 characters. */
const TAIL_BYTES = 512 * 1024;
const NEWLINE = 10;
const MARKS: Record<Format, string> = {
  csv: "# export: ",
  json: '],"export":',
  ndjson: '{"export":',
};

/** Counts lines and keeps the end. Memory stays the same however long the export is. */
export class ExportReader {
  bytes = 0;
  private lines = 0;
  private tail = new Uint8Array(0);

  constructor(private readonly format: Format) {}

  /** How much of it is in memory. */
  get keptBytes(): number {
    return this.tail.length;
  }

  push(chunk: Uint8Array): void {
    this.bytes += chunk.length;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) {
      this.lines += 1;
    }
    this.tail = joined(this.tail, chunk);
  }

  /** Rows so far, as far as lines tell: in CSV a text may hold line breaks of its own. */
  get rows(): number {
    // CSV and JSON begin with a line that is no event.
    return Math.max(0, this.format === "ndjson" ? this.lines : this.lines - 1);
  }

  /** What the export says of itself; null where it was cut off before. */
  summary(): Summary | null {
    const text = new TextDecoder().decode(this.tail);
    const mark = MARKS[this.format];
    const at = text.lastIndexOf(this.format === "json" ? mark : `\n${mark}`);
    const isAll = at < 0 && this.bytes === this.tail.length && text.startsWith(mark);
    if (at < 0 && !isAll) {
      return null;
    }
    const from = isAll ? 0 : text.indexOf(mark, at);
    return parsed(text.slice(from + mark.length).trim(), this.format);
  }
}

function parsed(text: string, format: Format): Summary | null {
  // JSON and NDJSON close the object around it.
  const json = format === "csv" ? text : text.replace(/\}$/, "");
  try {
    const found = JSON.parse(json) as Partial<Summary>;
    return found.complete === true && typeof found.rows === "number" ? (found as Summary) : null;
  } catch {
    return null;
  }
}

function joined(tail: Uint8Array, chunk: Uint8Array): Uint8Array<ArrayBuffer> {
  if (chunk.length >= TAIL_BYTES) {
    return new Uint8Array(chunk.subarray(chunk.length - TAIL_BYTES));
  }
  const kept = tail.subarray(Math.max(0, tail.length + chunk.length - TAIL_BYTES));
  const both = new Uint8Array(kept.length + chunk.length);
  both.set(kept);
  both.set(chunk, kept.length);
  return both;
}
