/**
 * One question that is followed live, however many tabs and parts of pages ask it: one tab of the
 * browser reads the stream and tells the others. HTTP/1.1 allows six connections to a host, and
 * two tabs with three streams each would leave none for anything else.
 *
 * Who reads is who holds the lock of the question's name. When that tab goes, the next one goes
 * on from the last place that it was told.
 */
import { follow } from "./follow";
import type { Item, LiveState } from "./items";
import { Seen } from "./seen";
import { withSlot } from "./slots";

type Listener = (item: Item) => void;
/** What tabs say to each other. */
type Message =
  | { kind: "item"; item: Item }
  | { kind: "hello" }
  | { kind: "here"; cursor: string | null; state: LiveState };

/** A reader that says nothing for so long is gone, though its tab still holds the lock. */
const SILENCE_MS = 60_000;
const LOOK_MS = 15_000;
const CONNECTING: LiveState = { phase: "connecting", problem: null };

export class Topic {
  private state: LiveState = CONNECTING;
  private readonly listeners = new Set<Listener>();
  private readonly seen = new Seen();
  private cursor: string | null = null;
  private channel: BroadcastChannel | null = null;
  private running: AbortController | null = null;
  private isReader = false;
  private heardAt = 0;
  private look: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly name: string,
    private readonly pairs: readonly [string, string][],
  ) {}

  get isIdle(): boolean {
    return this.listeners.size === 0;
  }

  /** Calls back with how it stands, and each step of the feed from now on. Answers how to stop. */
  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    if (this.running === null) {
      this.start();
    }
    listener({ kind: "state", state: this.state });
    return () => {
      this.listeners.delete(listener);
      if (this.isIdle) {
        this.stop();
      }
    };
  }

  private start(): void {
    this.running = new AbortController();
    this.state = CONNECTING;
    // Only a secure context (TLS or localhost) has locks: elsewhere each visible tab reads alone.
    if (!("locks" in navigator)) {
      this.readWhileVisible(this.running.signal);
      return;
    }
    this.channel = new BroadcastChannel(this.name);
    this.channel.onmessage = (message: MessageEvent<Message>) => {
      this.hear(message.data);
    };
    this.say({ kind: "hello" });
    this.queue(this.running.signal, false);
    this.heardAt = Date.now();
    this.look = setInterval(() => {
      this.takeOverFromSilent();
    }, LOOK_MS);
  }

  private stop(): void {
    clearInterval(this.look);
    this.running?.abort();
    this.running = null;
    this.channel?.close();
    this.channel = null;
    this.isReader = false;
    // Who comes back later begins with what is committed then, as with a new page.
    this.cursor = null;
  }

  /** Waits for the lock and reads as long as it has it. */
  private queue(signal: AbortSignal, steal: boolean): void {
    const options = steal ? { steal } : { signal };
    navigator.locks
      .request(this.name, options, async () => {
        if (signal.aborted) {
          return;
        }
        this.isReader = true;
        const say = (state: LiveState) => {
          this.tell({ kind: "state", state });
        };
        await withSlot(signal, say, () => this.read(signal));
      })
      .catch((reason: unknown) => {
        this.lost(reason, signal);
      });
  }

  /** The lock was not given (the topic ended), or another tab took it: then wait in line again. */
  private lost(reason: unknown, signal: AbortSignal): void {
    if (!(reason instanceof DOMException) || reason.name !== "AbortError") {
      throw reason;
    }
    if (!signal.aborted && this.isReader) {
      this.isReader = false;
      this.running?.abort();
      this.running = new AbortController();
      this.queue(this.running.signal, false);
    }
  }

  private read(signal: AbortSignal): Promise<void> {
    const emit = (item: Item) => {
      this.tell(item);
    };
    return follow({ pairs: this.pairs, cursor: this.cursor, emit, signal }).then(
      // A reader that was told not to come again keeps its lock: others would be told the same.
      () => untilAborted(signal),
    );
  }

  private readWhileVisible(signal: AbortSignal): void {
    let current: AbortController | null = null;
    const turn = () => {
      if (document.visibilityState === "hidden" || signal.aborted) {
        current?.abort();
        current = null;
      } else if (current === null) {
        current = new AbortController();
        void this.read(current.signal);
      }
    };
    document.addEventListener("visibilitychange", turn);
    signal.addEventListener("abort", () => {
      document.removeEventListener("visibilitychange", turn);
      turn();
    });
    turn();
  }

  private takeOverFromSilent(): void {
    const isSilent = Date.now() - this.heardAt > SILENCE_MS;
    if (!this.isReader && isSilent && document.visibilityState === "visible" && this.running) {
      this.heardAt = Date.now();
      this.queue(this.running.signal, true);
    }
  }

  private say(message: Message): void {
    this.channel?.postMessage(message);
  }

  /** As the reader: to this tab and all others. */
  private tell(item: Item): void {
    this.take(item);
    this.say({ kind: "item", item });
  }

  private hear(message: Message): void {
    this.heardAt = Date.now();
    if (message.kind === "hello") {
      if (this.isReader) {
        this.say({ kind: "here", cursor: this.cursor, state: this.state });
      }
    } else if (message.kind === "here") {
      this.cursor ??= message.cursor;
      this.take({ kind: "state", state: message.state });
    } else {
      this.take(message.item);
    }
  }

  private take(item: Item): void {
    if ("cursor" in item && item.cursor !== null) {
      this.cursor = item.cursor;
    }
    if (item.kind === "state") {
      this.state = item.state;
    }
    const shown = item.kind === "events" ? { ...item, events: this.seen.fresh(item.events) } : item;
    for (const listener of [...this.listeners]) {
      listener(shown);
    }
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
    }
    signal.addEventListener("abort", () => {
      resolve();
    });
  });
}
