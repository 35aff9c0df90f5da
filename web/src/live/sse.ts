/** Server-sent events out of a stream of text (WHATWG HTML, "Server-sent events"). */

/** A frame; without data it is a sign of life (a comment, or `retry` alone). */
export interface Frame {
  event: string;
  id: string | null;
  data: string | null;
}

/** Reads chunks of text, wherever they were cut, into frames. */
export class FrameReader {
  private rest = "";
  private event = "";
  private id: string | null = null;
  private data: string[] = [];

  /** The frames that end within this chunk. A comment comes as a frame without data. */
  push(chunk: string): Frame[] {
    const lines = (this.rest + chunk).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? "";
    return lines.flatMap((line) => this.take(line));
  }

  private take(line: string): Frame[] {
    if (line === "") {
      return this.finish();
    }
    const colon = line.indexOf(":");
    if (colon === 0) {
      return [{ event: "", id: null, data: null }];
    }
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "event") {
      this.event = value;
    } else if (name === "id") {
      this.id = value;
    } else if (name === "data") {
      this.data.push(value);
    }
    return [];
  }

  private finish(): Frame[] {
    const { event, id, data } = this;
    this.event = "";
    this.id = null;
    this.data = [];
    return data.length > 0 ? [{ event: event || "message", id, data: data.join("\n") }] : [];
  }
}
