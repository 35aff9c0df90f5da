import type { Shortcut } from "./keys";

export interface ShortcutGroup {
  name: string;
  shortcuts: readonly Shortcut[];
  /** Of the shell: counts after those of any page, whichever was there first. */
  isGlobal?: boolean;
}

const SWITCH_KEY = "trailkeeper.single-keys";

let groups: readonly ShortcutGroup[] = [];
const listeners = new Set<() => void>();

function tell(): void {
  for (const listener of listeners) {
    listener();
  }
}

/** Adds a group; what is later in the list counts before. Answers how to take it off again. */
export function addGroup(group: ShortcutGroup): () => void {
  // A page's effects run before the shell's, so the order of being added does not tell.
  groups = group.isGlobal === true ? [group, ...groups] : [...groups, group];
  tell();
  return () => {
    groups = groups.filter((each) => each !== group);
    tell();
  };
}

export function readGroups(): readonly ShortcutGroup[] {
  return groups;
}

export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether keys without ⌘ or Ctrl do something (WCAG 2.1.4: they can be turned off). */
export function areSingleKeysOn(): boolean {
  return window.localStorage.getItem(SWITCH_KEY) !== "off";
}

export function setSingleKeys(isOn: boolean): void {
  window.localStorage.setItem(SWITCH_KEY, isOn ? "on" : "off");
  tell();
}
