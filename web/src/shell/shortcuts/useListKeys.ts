import { useRef, type RefObject } from "react";

import { useShortcuts } from "./useShortcuts";

export interface ListKeys {
  /** The list's name, under which its keys stand in the help. */
  name: string;
  words: { next: string; previous: string; open: string };
  /** Asked for when somebody goes on beyond the last row. */
  onEnd?: () => void;
}

/** The link that opens a row: what J and K give the focus to. */
const LINKS = "[data-list-link]";

/**
 * J and K go from row to row of a list, Enter opens the row. It is the focus itself that goes, so
 * that it is seen, read out, and kept where Tab goes on from. Answers the ref of what holds the
 * rows; each has one link marked `data-list-link`.
 */
export function useListKeys<T extends HTMLElement>({
  name,
  words,
  onEnd,
}: ListKeys): RefObject<T | null> {
  const list = useRef<T>(null);
  const last = useRef<HTMLElement | null>(null);

  function links(): HTMLElement[] {
    return [...(list.current?.querySelectorAll<HTMLElement>(LINKS) ?? [])];
  }

  /** The row that has the focus, in whichever of its controls; else the one that had it. */
  function place(all: readonly HTMLElement[]): number {
    const row = document.activeElement?.closest("li");
    const within = all.findIndex((link) => row?.contains(link) === true);
    return within >= 0 || last.current === null ? within : all.indexOf(last.current);
  }

  function go(step: 1 | -1): void {
    const all = links();
    const to = place(all) + step;
    if (to >= all.length) onEnd?.();
    const link = all[Math.max(0, Math.min(all.length - 1, to))];
    if (link === undefined) return;
    last.current = link;
    link.focus({ preventScroll: true });
    link.closest("li")?.scrollIntoView({ block: "nearest" });
  }

  useShortcuts(name, [
    {
      keys: "j",
      label: words.next,
      run: () => {
        go(1);
      },
    },
    {
      keys: "k",
      label: words.previous,
      run: () => {
        go(-1);
      },
    },
    {
      keys: "enter",
      label: words.open,
      run: () => {
        const all = links();
        all[place(all)]?.click();
      },
    },
  ]);
  return list;
}
