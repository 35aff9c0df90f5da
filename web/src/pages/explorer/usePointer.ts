import type { MouseEvent, PointerEvent } from "react";

/** A cell: where the keyboard is, or the pointer. */
export interface CellPlace {
  index: number;
  column: number;
}

export interface PointerHandlers {
  onHover: (place: CellPlace | null) => void;
  onActivate: (place: CellPlace) => void;
  onOpen: (index: number) => void;
  onSelect: (index: number) => void;
  onFilter: (place: CellPlace, isOut: boolean) => void;
}

export function isSamePlace(one: CellPlace | null, other: CellPlace | null): boolean {
  return one?.index === other?.index && one?.column === other?.column;
}

function numberOf(element: HTMLElement | null, name: string): number {
  return Number(element?.dataset[name] ?? "-1");
}

function placeOf(target: Element): CellPlace | null {
  const index = numberOf(target.closest<HTMLElement>("[data-index]"), "index");
  const column = numberOf(target.closest<HTMLElement>("[data-column]"), "column");
  return index < 0 ? null : { index, column: Math.max(0, column) };
}

/**
 * What the pointer does in the table, handled once for all rows: rows that are given no functions
 * of their own need not be drawn again when the table is.
 */
export function usePointer(handlers: PointerHandlers) {
  const { onHover, onActivate, onOpen, onSelect, onFilter } = handlers;
  return {
    onPointerOver: (event: PointerEvent) => {
      // A finger does not hover: it would leave the buttons standing where it last was.
      if (event.pointerType === "mouse") onHover(placeOf(event.target as Element));
    },
    onPointerLeave: () => {
      onHover(null);
    },
    onClick: (event: MouseEvent) => {
      const target = event.target as Element;
      const place = placeOf(target);
      if (place === null) return;
      onActivate(place);
      const act = target.closest<HTMLElement>("[data-act]")?.dataset.act;
      if (act === "for" || act === "out") onFilter(place, act === "out");
      else if (act === "select") onSelect(place.index);
      // Whoever marks text to copy it does not want the drawer.
      else if (window.getSelection()?.isCollapsed !== false) onOpen(place.index);
    },
  };
}
