import { bytes, count, percent, plural } from "./numbers";

/** The export dialog. */
export const exporting = {
  button: "Export",
  title: "Export events",
  close: "Close export",
  counting: "Counting…",
  rows: (n: number) => `${plural(n, "row", "rows")} will be exported`,
  rowsUnknown: "The number of rows is not known",
  what: "Exactly what is filtered, all fields of each event, in any number. Nothing is cut.",
  filters: "Filters",
  everything: "Everything, unfiltered",
  names: {
    q: "query",
    start_date: "from",
    end_date: "to",
    time_zone: "time zone",
    user_id: "user",
    action: "action",
    resource_type: "resource type",
    resource_id: "resource",
    status: "status",
  } as Record<string, string>,
  format: "Format",
  formats: {
    csv: "CSV format",
    json: "JSON format",
    ndjson: "NDJSON format",
  },
  formatTexts: {
    csv: "For spreadsheets. Details are one JSON column; the last line says whether it is whole.",
    json: "For programs: one document with all events and a summary.",
    ndjson: "For programs that read line by line: one event per line, and a summary.",
  },
  bom: "For older versions of Excel (with a byte order mark)",
  order: "Order",
  orders: { desc: "Newest first", asc: "Oldest first" },
  start: "Export",
  download: "Let the browser download it",
  downloadText:
    "The browser shows the progress then. The file’s last line must say “complete”: true, else " +
    "fetch it again.",
  memory: (size: string) =>
    `About ${size}. Over this connection (not encrypted) the browser lets this page keep files ` +
    "in memory only, so let the browser download large ones.",
  cancel: "Cancel",
  again: "Export again",
  progress: (n: number, all: number | null, size: number) =>
    all === null
      ? `${count(n)} rows, ${bytes(size)}`
      : `${count(n)} of ${count(all)} rows, ${bytes(size)}`,
  progressLabel: "Progress of the export",
  share: percent,
  leave: "You can go on working in another tab. Leaving this page ends the export.",
  done: (n: number) => `${plural(n, "row", "rows")} exported`,
  doneText: (name: string, size: number) => `${name} (${bytes(size)}) is in your downloads.`,
  whole: "The file says that it is whole.",
  grew: (n: number) =>
    `${plural(n, "event was", "events were")} committed between counting and exporting, and ` +
    "are in it.",
  shrank: (n: number) =>
    `${plural(n, "event", "events")} fewer than counted: retention has removed them meanwhile.`,
  saveAgain: "Save again",
  cancelled: "The export was cancelled. Nothing was kept.",
  sameAs: "The same as a command",
  curl: "curl",
  python: "Python",
  copyCurl: "Copy as curl",
  copyPython: "Copy as Python",
  keyNote: "With an API key that has user:view and export:create in TRAILKEEPER_API_KEY.",
  failed: {
    title: "The export failed",
    interrupted:
      "The connection broke before the end. What had come was thrown away, as it was not whole.",
    noAnswer: "The service could not be reached.",
    refused: "The service refused it.",
    disk:
      "The browser could not keep the file: its disk is full, or it does not let this page " +
      "store so much.",
    tries: "What often helps",
    again: "Try again",
    smaller: "Only the newer half of the range",
    without: (name: string) => `Without the ${name}`,
    other: { csv: "As CSV", json: "As JSON", ndjson: "As NDJSON" },
    request: (id: string) => `Request ${id}`,
  },
} as const;
