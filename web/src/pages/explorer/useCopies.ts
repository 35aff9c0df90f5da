import { useCallback } from "react";

import { notifyDone, notifyProblem } from "../../parts/notify";
import { stringifySearch } from "../../routing/search";
import { t } from "../../texts";
import { curlOf } from "./curl";
import { useExplorer } from "./ExplorerContext";

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch (reason) {
    // Refused without permission, or outside of a secure context.
    if (!(reason instanceof DOMException) && !(reason instanceof TypeError)) throw reason;
    notifyProblem(new Error(t.explorer.tools.copyFailed));
    return;
  }
  notifyDone(t.explorer.tools.copied);
}

/** Copies the search as a link or as a command, with the times that are shown, not moving ones. */
export function useCopies(): { copyLink: () => void; copyCurl: () => void } {
  const { search, bounds, filter } = useExplorer();
  const copyLink = useCallback(() => {
    const { start_date: from, end_date: to } = bounds;
    const exact = stringifySearch({ ...search, range: "custom", from, to });
    void copy(`${window.location.origin}${window.location.pathname}${exact}`);
  }, [search, bounds]);
  const copyCurl = useCallback(() => {
    void copy(curlOf(filter, window.location.origin));
  }, [filter]);
  return { copyLink, copyCurl };
}
