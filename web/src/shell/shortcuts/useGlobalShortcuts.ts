import { useMantineColorScheme, useComputedColorScheme } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";

import { useMay } from "../../api/me";
import { t } from "../../texts";
import { useShortcuts } from "./useShortcuts";

export interface GlobalShortcuts {
  onOpenPalette: () => void;
  onShowShortcuts: () => void;
}

/** The keys that work on every page; a page's own ones count before them. */
export function useGlobalShortcuts({ onOpenPalette, onShowShortcuts }: GlobalShortcuts): void {
  const navigate = useNavigate();
  const maySeeUsers = useMay("user:view");
  const maySeeDetections = useMay("detection:view");
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme("light");
  const words = t.shell.shortcuts;
  useShortcuts(words.everywhere, [
    { keys: "mod+k", label: words.search, run: onOpenPalette },
    { keys: "/", label: words.search, run: onOpenPalette },
    ...(maySeeUsers
      ? [
          { keys: "g d", label: words.goDashboard, run: () => void navigate({ to: "/" }) },
          { keys: "g e", label: words.goExplorer, run: () => void navigate({ to: "/explorer" }) },
          { keys: "g u", label: words.goUsers, run: () => void navigate({ to: "/users" }) },
        ]
      : []),
    ...(maySeeDetections
      ? [{ keys: "g s", label: words.goSecurity, run: () => void navigate({ to: "/security" }) }]
      : []),
    ...(maySeeUsers
      ? [{ keys: "l", label: words.live, run: () => void navigate({ to: "/live" }) }]
      : []),
    {
      keys: "shift+d",
      label: words.theme,
      run: () => {
        setColorScheme(scheme === "dark" ? "light" : "dark");
      },
    },
    { keys: "?", label: words.help, run: onShowShortcuts },
  ]);
}
