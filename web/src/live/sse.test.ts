import { describe, expect, it } from "vitest";

import { FrameReader } from "./sse";

const STREAM =
  "retry: 2000\n\nevent: position\nid: p1\ndata: {}\n\n: heartbeat\n\n" +
  "event: event\r\nid: e1\r\ndata: one\r\ndata: two\r\n\r\ndata:bare\n\n";
const FRAMES = [
  { event: "position", id: "p1", data: "{}" },
  { event: "", id: null, data: null },
  { event: "event", id: "e1", data: "one\ntwo" },
  { event: "message", id: null, data: "bare" },
];

describe("FrameReader", () => {
  it("reads frames, comments and both ends of lines", () => {
    expect(new FrameReader().push(STREAM)).toEqual(FRAMES);
  });

  it("reads the same wherever the stream is cut", () => {
    for (let size = 1; size < 12; size += 1) {
      const reader = new FrameReader();
      const frames = [];
      for (let at = 0; at < STREAM.length; at += size) {
        frames.push(...reader.push(STREAM.slice(at, at + size)));
      }
      expect(frames, `in pieces of ${String(size)}`).toEqual(FRAMES);
    }
  });

  it("keeps a frame back until it has ended", () => {
    const reader = new FrameReader();
    expect(reader.push("event: event\nid: e1\ndata: half")).toEqual([]);
    expect(reader.push(" and half\n\n")).toEqual([
      { event: "event", id: "e1", data: "half and half" },
    ]);
  });
});
