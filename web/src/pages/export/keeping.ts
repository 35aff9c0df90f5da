/// <reference lib="dom.asynciterable" />
/**
 * Where an export is kept while it streams, until it is handed to the browser's downloads.
 *
 * The origin's private files take any size with flat memory. They need a secure context (TLS or
 * localhost); elsewhere memory is all that there is, and the dialog says so.
 */

export interface Kept {
  write: (chunk: Uint8Array<ArrayBuffer>) => Promise<void>;
  /** All of it, once nothing more is written. */
  finish: () => Promise<Blob>;
  /** Throws it away. */
  drop: () => Promise<void>;
}

const FOLDER = "exports";
const LOCK = "trailkeeper-export-";

export function canStream(): boolean {
  return (
    window.isSecureContext &&
    "storage" in navigator &&
    "locks" in navigator &&
    "createWritable" in FileSystemFileHandle.prototype
  );
}

export async function keep(type: string): Promise<Kept> {
  return canStream() ? keepInFile() : keepInMemory(type);
}

function keepInMemory(type: string): Kept {
  let chunks: Uint8Array<ArrayBuffer>[] = [];
  return {
    write: (chunk) => {
      chunks.push(chunk);
      return Promise.resolve();
    },
    finish: () => Promise.resolve(new Blob(chunks, { type })),
    drop: () => {
      chunks = [];
      return Promise.resolve();
    },
  };
}

async function keepInFile(): Promise<Kept> {
  const folder = await exportsFolder();
  await sweep(folder);
  const name = `${LOCK}${String(Date.now())}-${String(Math.floor(Math.random() * 1e9))}`;
  const release = await held(name);
  const file = await folder.getFileHandle(name, { create: true });
  const writable = await file.createWritable();
  let isOpen = true;
  return {
    write: (chunk) => writable.write(chunk),
    finish: async () => {
      isOpen = false;
      await writable.close();
      return file.getFile();
    },
    drop: async () => {
      if (isOpen) {
        isOpen = false;
        await writable.abort();
      }
      await folder.removeEntry(name);
      release();
    },
  };
}

async function exportsFolder(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  return root.getDirectoryHandle(FOLDER, { create: true });
}

/** Removes what tabs left behind that are gone: an export is the log, and must not lie around. */
async function sweep(folder: FileSystemDirectoryHandle): Promise<void> {
  const { held: locks } = await navigator.locks.query();
  const inUse = new Set((locks ?? []).map((lock) => lock.name));
  for await (const name of folder.keys()) {
    if (!inUse.has(name)) {
      await folder.removeEntry(name);
    }
  }
}

/** A lock that says that this file's tab is there; answers how to let it go. */
function held(name: string): Promise<() => void> {
  return new Promise((resolve) => {
    void navigator.locks.request(
      name,
      () =>
        new Promise<void>((release) => {
          resolve(release);
        }),
    );
  });
}
