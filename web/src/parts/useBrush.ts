import { useState, type KeyboardEvent, type PointerEvent } from "react";

import { bucketAt, spanOf, type Span } from "./brush";

interface Marking {
  /** Where the marking began, or the bar that the keyboard or pointer is at. */
  anchor: number | null;
  at: number | null;
}

const NOWHERE: Marking = { anchor: null, at: null };

/** How far a key goes; `null` for keys that go nowhere. */
function stepOf(key: string, at: number, buckets: number): number | null {
  switch (key) {
    case "ArrowLeft":
    case "ArrowDown":
      return Math.max(0, at - 1);
    case "ArrowRight":
    case "ArrowUp":
      return Math.min(buckets - 1, at + 1);
    case "Home":
      return 0;
    case "End":
      return buckets - 1;
    default:
      return null;
  }
}

/**
 * Marking bars by pointer or keyboard.
 *
 * `onTake` is called with the marked bars when the pointer is let go, or with Enter.
 */
export function useBrush(buckets: number, onTake?: (span: Span) => void) {
  const [{ anchor, at }, setMarking] = useState<Marking>(NOWHERE);
  const span = anchor === null || at === null ? null : spanOf(anchor, at);

  function indexOf(event: PointerEvent<HTMLElement>): number {
    const box = event.currentTarget.getBoundingClientRect();
    return bucketAt(event.clientX - box.left, box.width, buckets);
  }

  function take(): void {
    if (span !== null) {
      onTake?.(span);
    }
    setMarking(NOWHERE);
  }

  function onKeyDown(event: KeyboardEvent): void {
    // A keyboard begins at the newest bar.
    const next = stepOf(event.key, at ?? buckets, buckets);
    if (next !== null) {
      event.preventDefault();
      const from = event.shiftKey && onTake !== undefined ? (anchor ?? at ?? next) : null;
      setMarking({ anchor: from, at: next });
    } else if (event.key === "Enter" && at !== null && onTake !== undefined) {
      event.preventDefault();
      onTake(span ?? spanOf(at, at));
      setMarking(NOWHERE);
    } else if (event.key === "Escape" && at !== null) {
      event.stopPropagation();
      setMarking(NOWHERE);
    }
  }

  const handlers = {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0 || onTake === undefined || buckets === 0) {
        return;
      }
      event.currentTarget.setPointerCapture(event.pointerId);
      setMarking({ anchor: indexOf(event), at: indexOf(event) });
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      const index = indexOf(event);
      if (index < 0) {
        return;
      }
      setMarking((before) => (before.at === index ? before : { ...before, at: index }));
    },
    onPointerUp: take,
    onPointerCancel: () => {
      setMarking(NOWHERE);
    },
    onPointerLeave: (event: PointerEvent<HTMLElement>) => {
      if (!event.currentTarget.hasPointerCapture(event.pointerId)) {
        setMarking(NOWHERE);
      }
    },
    onBlur: () => {
      setMarking(NOWHERE);
    },
    onKeyDown,
  };
  return { at, span, handlers };
}
