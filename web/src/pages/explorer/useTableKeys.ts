import type { KeyboardEvent, RefObject } from "react";

import { useShortcuts } from "../../shell/shortcuts/useShortcuts";
import { t } from "../../texts";
import type { CellPlace } from "./usePointer";

export interface TableKeys {
  scroller: RefObject<HTMLDivElement | null>;
  active: CellPlace;
  rows: number;
  columns: number;
  rowHeight: number;
  onMove: (place: CellPlace) => void;
  onOpen: (index: number) => void;
  onSelect: (index: number) => void;
  onFilter: (place: CellPlace, isOut: boolean) => void;
}

interface Pressed {
  key: string;
  altKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
}

function clamp(value: number, most: number): number {
  return Math.max(0, Math.min(most, value));
}

/** Where a key leads to from the active cell; undefined for keys that lead nowhere. */
function moved(key: string, { index, column }: CellPlace, page: number): CellPlace | undefined {
  switch (key) {
    case "j":
    case "ArrowDown":
      return { index: index + 1, column };
    case "k":
    case "ArrowUp":
      return { index: index - 1, column };
    case "PageDown":
      return { index: index + page, column };
    case "PageUp":
      return { index: index - page, column };
    case "Home":
      return { index: 0, column };
    case "End":
      return { index: Number.MAX_SAFE_INTEGER, column };
    case "ArrowLeft":
      return { index: Math.max(0, index), column: column - 1 };
    case "ArrowRight":
      return { index: Math.max(0, index), column: column + 1 };
    default:
      return undefined;
  }
}

/** Whether the key was for the table. */
function handle(keys: TableKeys, event: Pressed): boolean {
  const { active, rows, columns, rowHeight, scroller } = keys;
  if (event.ctrlKey || event.metaKey || event.altKey || rows === 0) return false;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 2);
  const place = moved(key, active, page);
  if (place !== undefined) {
    keys.onMove({ index: clamp(place.index, rows - 1), column: clamp(place.column, columns - 1) });
    return true;
  }
  if (active.index < 0 || active.index >= rows) return false;
  if (key === "Enter") keys.onOpen(active.index);
  else if (key === " ") keys.onSelect(active.index);
  else if (key === "f" || key === "x") keys.onFilter(active, key === "x");
  else return false;
  return true;
}

/**
 * Keys of the table: all of them where it has the focus, and J, K, Enter, F and X wherever keys are
 * free, with the drawer open too. Answers the handler for the table itself.
 */
export function useTableKeys(keys: TableKeys) {
  const words = t.explorer.keys;
  const press = (key: string) => () => {
    handle(keys, { key, altKey: false, ctrlKey: false, metaKey: false });
  };
  useShortcuts(t.explorer.table.label, [
    { keys: "j", label: words.next, run: press("j") },
    { keys: "k", label: words.previous, run: press("k") },
    { keys: "enter", label: words.open, run: press("Enter") },
    { keys: "f", label: words.filterFor, run: press("f") },
    { keys: "x", label: words.filterOut, run: press("x") },
  ]);
  return (event: KeyboardEvent): void => {
    // Buttons within the table have keys of their own.
    if (event.target !== event.currentTarget) return;
    if (handle(keys, event)) event.preventDefault();
  };
}
