import { useNavigate } from "@tanstack/react-router";

import { useShortcuts } from "../../shell/shortcuts/useShortcuts";
import { t } from "../../texts";
import { useExplorer } from "./ExplorerContext";
import { useCopies } from "./useCopies";

/** `/` goes to the search, C copies a link to it, L follows it live. */
export function usePageKeys(): void {
  const { wholeQuery } = useExplorer();
  const { copyLink } = useCopies();
  const navigate = useNavigate();
  const { keys } = t.explorer;
  useShortcuts(t.explorer.title, [
    {
      keys: "/",
      label: keys.search,
      run: () => {
        document.querySelector<HTMLInputElement>("[data-explorer-search]")?.focus();
      },
    },
    { keys: "c", label: keys.copyLink, run: copyLink },
    {
      keys: "l",
      label: keys.live,
      run: () => {
        void navigate({ to: "/live", search: wholeQuery === "" ? {} : { q: wholeQuery } });
      },
    },
  ]);
}
