import type { ShortcutGroup } from "./registry";

/** The groups as they count, the page's first, without keys that another group has taken over. */
export function effective(groups: readonly ShortcutGroup[]): ShortcutGroup[] {
  const taken = new Set<string>();
  const shown: ShortcutGroup[] = [];
  for (const group of groups.toReversed()) {
    const shortcuts = group.shortcuts.filter(({ keys }) => !taken.has(keys));
    for (const { keys } of shortcuts) {
      taken.add(keys);
    }
    if (shortcuts.length > 0) {
      shown.push({ ...group, shortcuts });
    }
  }
  return shown;
}
