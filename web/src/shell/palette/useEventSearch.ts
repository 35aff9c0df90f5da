import { IconListSearch } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";

import { useMay } from "../../api/me";
import { visibleText } from "../../parts/plainText";
import { t } from "../../texts";
import type { Command } from "./command";

/** Finding events by what was typed, in the Explorer. */
export function useEventSearch(typed: string): Command[] {
  const navigate = useNavigate();
  const maySee = useMay("user:view");
  if (!maySee || typed === "") {
    return [];
  }
  return [
    {
      id: "search-events",
      label: t.shell.palette.searchFor(visibleText(typed)),
      about: t.shell.palette.searchAbout,
      icon: IconListSearch,
      run: () => void navigate({ to: "/explorer", search: { q: typed } }),
    },
  ];
}
