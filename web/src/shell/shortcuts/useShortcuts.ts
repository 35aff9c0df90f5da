import { useEffect, useRef } from "react";

import type { Shortcut } from "./keys";
import { addGroup } from "./registry";

/**
 * Keys that do something while the component is shown; they stand in the list of shortcuts under
 * `name`. Ignored while somebody types.
 */
export function useShortcuts(
  name: string,
  shortcuts: readonly Shortcut[],
  { isGlobal = false }: { isGlobal?: boolean } = {},
): void {
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  // The list is added anew only when its keys or words change; what they run is the latest.
  const shape = JSON.stringify(shortcuts.map(({ keys, label }) => [keys, label]));
  useEffect(() => {
    const shown = latest.current.map(({ keys, label }) => ({
      keys,
      label,
      run: () => latest.current.find((each) => each.keys === keys)?.run(),
    }));
    return addGroup({ name, shortcuts: shown, isGlobal });
  }, [name, shape, isGlobal]);
}
