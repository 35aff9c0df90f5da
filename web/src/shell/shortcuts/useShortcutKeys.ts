import { useEffect } from "react";

import { matchStroke, strokeText } from "./keys";
import { areSingleKeysOn, readGroups } from "./registry";

const SEQUENCE_MS = 1200;
const TYPING = "input:not([type=checkbox]):not([type=radio]):not([type=button]), textarea, select";
/** Where keys mean something else: menus, lists, and dialogs but those beside the page. */
const ELSEWHERE =
  '[contenteditable="true"], [role="menu"], [role="listbox"], [role="slider"], ' +
  '[role="dialog"]:not([data-shortcuts])';

function isFree(target: EventTarget | null): boolean {
  return !(target instanceof Element) || target.closest(`${TYPING}, ${ELSEWHERE}`) === null;
}

/** Listens to the keyboard for all shortcuts that are there. Once, in the shell. */
export function useShortcutKeys(): void {
  useEffect(() => {
    let pending = "";
    let since = 0;

    function onKeyDown(event: KeyboardEvent): void {
      const stroke = strokeText(event);
      const isSingle = stroke !== null && !stroke.startsWith("mod+");
      const mayBeSingle = isFree(event.target) && areSingleKeysOn();
      if (stroke === null || event.defaultPrevented || (isSingle && !mayBeSingle)) {
        return;
      }
      const before = event.timeStamp - since < SEQUENCE_MS ? pending : "";
      const shortcuts = readGroups().flatMap((group) => group.shortcuts);
      const match = matchStroke(shortcuts, before, stroke);
      pending = match.pending;
      since = event.timeStamp;
      // Enter and space belong to the button or link that has the focus.
      const isPress = stroke === "enter" || stroke === "space";
      if (match.found === null || (isPress && isControl(event.target))) {
        return;
      }
      event.preventDefault();
      match.found.run();
    }

    document.addEventListener("keydown", onKeyDown);
    return () => {
      document.removeEventListener("keydown", onKeyDown);
    };
  }, []);
}

function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("a[href], button, summary") !== null;
}
