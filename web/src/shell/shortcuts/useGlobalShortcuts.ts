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
  const go = (to: "/" | "/explorer" | "/users" | "/security" | "/live") => () =>
    void navigate({ to });
  const ofUsers = [
    { keys: "g d", label: words.goDashboard, run: go("/") },
    { keys: "g e", label: words.goExplorer, run: go("/explorer") },
    { keys: "g u", label: words.goUsers, run: go("/users") },
    { keys: "l", label: words.live, run: go("/live") },
  ];
  const ofDetections = [{ keys: "g s", label: words.goSecurity, run: go("/security") }];
  const always = [
    { keys: "mod+k", label: words.search, run: onOpenPalette },
    { keys: "/", label: words.search, run: onOpenPalette },
    { keys: "?", label: words.help, run: onShowShortcuts },
    {
      keys: "shift+d",
      label: words.theme,
      run: () => setColorScheme(scheme === "dark" ? "light" : "dark"),
    },
  ];
  const allowed = [
    ...always,
    ...(maySeeUsers ? ofUsers : []),
    ...(maySeeDetections ? ofDetections : []),
  ];
  useShortcuts(words.everywhere, allowed, { isGlobal: true });
}
