import { useCallback, useEffect, useRef, useState } from "react";

import { beginExport, type Export } from "../../api/exporting";
import { ApiProblem } from "../../api/problem";
import { keep, type Kept } from "./keeping";
import { ExportReader } from "./reading";

/** Often enough to see it move, rarely enough to cost nothing. */
const SAY_MS = 200;

export type Failure =
  | { kind: "refused" | "noAnswer"; problem: ApiProblem }
  | { kind: "interrupted" | "disk"; problem: null };

export type Progress =
  | { step: "idle" }
  | { step: "running"; rows: number; bytes: number }
  | { step: "done"; rows: number; bytes: number; name: string; file: Blob }
  | { step: "cancelled" }
  | { step: "failed"; failure: Failure };

/** Runs an export and tells how it goes. Leaving the page ends it and throws away what came. */
export function useExport() {
  const [progress, setProgress] = useState<Progress>({ step: "idle" });
  const running = useRef<AbortController | null>(null);
  const kept = useRef<Kept | null>(null);

  const drop = useCallback(async () => {
    running.current?.abort();
    running.current = null;
    const before = kept.current;
    kept.current = null;
    await before?.drop();
  }, []);

  useEffect(() => () => void drop(), [drop]);

  const start = async (wanted: Export) => {
    await drop();
    const own = new AbortController();
    running.current = own;
    setProgress({ step: "running", rows: 0, bytes: 0 });
    const say = (next: Progress) => {
      if (running.current === own) {
        setProgress(next);
      }
    };
    const hold = (made: Kept) => {
      kept.current = made;
    };
    const ending = await run(wanted, own.signal, say, hold);
    if (own.signal.aborted) {
      return;
    }
    say(ending);
    if (ending.step === "done") {
      save(ending.file, ending.name);
    } else {
      await drop();
    }
  };

  const cancel = async () => {
    await drop();
    setProgress({ step: "cancelled" });
  };

  const reset = async () => {
    await drop();
    setProgress({ step: "idle" });
  };

  return { progress, start, cancel, reset };
}

/** Hands a file to the browser's downloads. */
export function save(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The download has its own hold on the file by then.
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, 60_000);
}

async function run(
  wanted: Export,
  signal: AbortSignal,
  say: (progress: Progress) => void,
  hold: (kept: Kept) => void,
): Promise<Progress> {
  const reader = new ExportReader(wanted.format);
  let isOfDisk = true;
  try {
    const kept = await keep(TYPES[wanted.format]);
    hold(kept);
    isOfDisk = false;
    const response = await beginExport(wanted, signal);
    const body = response.body?.getReader();
    let saidAt = 0;
    for (;;) {
      const part = await body?.read();
      if (part === undefined || part.done) {
        break;
      }
      reader.push(part.value);
      isOfDisk = true;
      await kept.write(part.value);
      isOfDisk = false;
      if (performance.now() - saidAt > SAY_MS) {
        saidAt = performance.now();
        say({ step: "running", rows: reader.rows, bytes: reader.bytes });
      }
    }
    const summary = reader.summary();
    if (summary === null) {
      return failed({ kind: "interrupted", problem: null });
    }
    isOfDisk = true;
    const file = await kept.finish();
    const name = nameIn(response) ?? `audit-logs.${wanted.format}`;
    return { step: "done", rows: summary.rows, bytes: reader.bytes, name, file };
  } catch (reason) {
    return failed(failureOf(reason, isOfDisk));
  }
}

const TYPES = {
  csv: "text/csv",
  json: "application/json",
  ndjson: "application/x-ndjson",
} as const;

function failed(failure: Failure): Progress {
  return { step: "failed", failure };
}

/** Anything else is a fault of the page itself, and is thrown on. */
function failureOf(reason: unknown, isOfDisk: boolean): Failure {
  if (reason instanceof ApiProblem) {
    return { kind: reason.status === 0 ? "noAnswer" : "refused", problem: reason };
  }
  if (isOfDisk && reason instanceof DOMException) {
    return { kind: "disk", problem: null };
  }
  if (reason instanceof TypeError || reason instanceof DOMException) {
    return { kind: "interrupted", problem: null };
  }
  throw reason;
}

/** The name that the service gave the file. */
function nameIn(response: Response): string | null {
  const header = response.headers.get("Content-Disposition") ?? "";
  return /filename="([\w.-]+)"/.exec(header)?.[1] ?? null;
}
