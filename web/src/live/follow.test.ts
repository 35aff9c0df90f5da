import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Event } from "../api/event";
import { follow, waitMs } from "./follow";
import type { Item } from "./items";
import { Seen } from "./seen";

/** The far end: each connection gets the next of these answers, and then none any more. */
let answers: (() => Response)[] = [];
let asked: URL[] = [];

function event(seq: number): string {
  const data = { id: `e-${String(seq)}`, node: 1, node_seq: seq };
  return `event: event\nid: c${String(seq)}\ndata: ${JSON.stringify(data)}\n\n`;
}

function stream(...chunks: string[]): () => Response {
  return () => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const chunk of chunks) {
          controller.enqueue(new TextEncoder().encode(chunk));
        }
        controller.close();
      },
    });
    return new Response(body, { status: 200 });
  };
}

function problem(status: number, code: string): () => Response {
  const body = JSON.stringify({ code, status, title: "", detail: "" });
  return () => new Response(body, { status });
}

/** Follows until there are no answers left, or it stops by itself. */
async function followed(cursor: string | null = null): Promise<Item[]> {
  const items: Item[] = [];
  const end = new AbortController();
  vi.stubGlobal("fetch", (url: string | URL) => {
    const answer = answers.shift();
    if (answer === undefined) {
      end.abort();
      return Promise.reject(new DOMException("", "AbortError"));
    }
    asked.push(new URL(url, "http://console.example"));
    return Promise.resolve(answer());
  });
  const emit = (item: Item) => {
    items.push(item);
  };
  const pairs: [string, string][] = [["q", "action:DELETE"]];
  const running = follow({ pairs, cursor, emit, signal: end.signal });
  await vi.runAllTimersAsync();
  await running;
  return items;
}

function ids(items: Item[]): string[] {
  return items.flatMap((item) => (item.kind === "events" ? item.events.map(({ id }) => id) : []));
}

function cursors(): (string | null)[] {
  return asked.map((url) => url.searchParams.get("cursor"));
}

beforeEach(() => {
  vi.useFakeTimers();
  answers = [];
  asked = [];
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("follow", () => {
  it("goes on after the last event that it had, and after a refused connection", async () => {
    answers = [
      stream("retry: 2000\n\nevent: position\nid: c0\ndata: {}\n\n", event(1) + event(2)),
      () => {
        throw new TypeError("connection refused");
      },
      stream(event(3)),
    ];
    expect(ids(await followed())).toEqual(["e-1", "e-2", "e-3"]);
    expect(cursors()).toEqual([null, "c2", "c2"]);
    expect(asked[0]?.searchParams.get("q")).toBe("action:DELETE");
  });

  it("does not count a frame that was cut off: it comes again, once", async () => {
    answers = [stream(event(1), event(2).slice(0, -9)), stream(event(2), event(3))];
    expect(ids(await followed())).toEqual(["e-1", "e-2", "e-3"]);
    expect(cursors()).toEqual([null, "c1"]);
  });

  it("moves on in quiet times too, by positions", async () => {
    answers = [stream("event: position\nid: c7\ndata: {}\n\n: heartbeat\n\n"), stream()];
    await followed();
    expect(cursors()).toEqual([null, "c7"]);
  });

  it("connects again after an end for a restart, and stops after one for good", async () => {
    const end = (status: number) => `event: end\ndata: {"status":${String(status)},"code":"X"}\n\n`;
    answers = [stream(event(1), end(503)), stream(event(2), end(401)), stream(event(3))];
    const items = await followed();
    expect(ids(items)).toEqual(["e-1", "e-2"]);
    const last = items.at(-1);
    expect(last).toMatchObject({ kind: "state", state: { phase: "stopped" } });
    expect(answers).toHaveLength(1);
  });

  it("waits where there are too many connections, and stops where the query is wrong", async () => {
    answers = [problem(429, "TOO_MANY_LIVE_CONNECTIONS"), problem(400, "INVALID_QUERY"), stream()];
    const phases = (await followed()).map((item) => item.kind === "state" && item.state.phase);
    expect(phases).toEqual(["connecting", "stopped"]);
    expect(answers).toHaveLength(1);
  });

  it("begins anew where its place is too old, and says that something may be missing", async () => {
    answers = [problem(400, "CURSOR_EXPIRED"), stream(event(9))];
    const items = await followed("c1");
    expect(items[0]).toMatchObject({ kind: "gap", gap: { count: null, why: "expired" } });
    expect(cursors()).toEqual(["c1", null]);
  });

  it("fetches what was missed, in its place", async () => {
    const url = "/audit-logs/?order=committed&cursor=c1";
    const missed = { count: 3, cursor: "c1", url, others: {} };
    const page = (seqs: number[], next: string | null) => () =>
      Response.json({
        items: seqs.map((seq) => ({ id: `e-${String(seq)}`, node: 1, node_seq: seq })),
        next_cursor: next,
        has_more: next !== null,
      });
    answers = [
      stream(event(1) + `event: missed\nid: c4\ndata: ${JSON.stringify(missed)}\n\n` + event(5)),
      page([2, 3], "p2"),
      page([4], null),
      stream(),
    ];
    expect(ids(await followed())).toEqual(["e-1", "e-2", "e-3", "e-4", "e-5"]);
    expect(asked[2]?.searchParams.get("cursor")).toBe("p2");
    expect(cursors().at(-1)).toBe("c5");
  });

  it("says how many were missed where they are too many to fetch", async () => {
    const missed = { count: 5000, url: "/audit-logs/?cursor=c1", others: { notification: 2 } };
    answers = [stream(`event: missed\nid: c9\ndata: ${JSON.stringify(missed)}\n\n`)];
    const gap = (await followed()).find((item) => item.kind === "gap");
    expect(gap).toMatchObject({ cursor: "c9", gap: { count: 5000, why: "slow" }, others: 2 });
  });

  it("hands on notifications, and passes over kinds that it does not know", async () => {
    const notification = { id: "7", title: "x" };
    answers = [
      stream(
        `event: notification\ndata: ${JSON.stringify(notification)}\n\n`,
        "event: later\ndata: {}\n\n",
      ),
    ];
    const notices = (await followed()).filter((item) => item.kind === "notice");
    expect(notices).toEqual([{ kind: "notice", notice: { kind: "notification", notification } }]);
  });
});

describe("waitMs", () => {
  it("grows to a bound and differs from browser to browser", () => {
    expect(waitMs(0, 0)).toBe(250);
    expect(waitMs(1, 1)).toBe(1000);
    expect(waitMs(50, 1)).toBe(8000);
  });
});

describe("Seen", () => {
  it("lets each event through once, by its place in the log", () => {
    const seen = new Seen();
    const of = (...seqs: number[]) => seqs.map((seq) => ({ node: 1, node_seq: seq }) as Event);
    expect(seen.fresh(of(1, 2))).toHaveLength(2);
    expect(seen.fresh(of(2, 3, 3)).map((each) => each.node_seq)).toEqual([3]);
  });
});
