import { Drawer } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Link, Outlet } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";

import { t } from "../texts";
import { DemoBanner } from "./DemoBanner";
import { Mark } from "./Mark";
import { useGlobalShortcuts } from "./shortcuts/useGlobalShortcuts";
import { useShortcutKeys } from "./shortcuts/useShortcutKeys";
import classes from "./Shell.module.css";
import { SideNav } from "./SideNav";
import { TopBar } from "./TopBar";
import { useSessionEnd } from "./useSessionEnd";

// Neither is there before somebody asks for it, so neither is in the first load.
const Palette = lazy(async () => ({ default: (await import("./palette/Palette")).Palette }));
const ShortcutHelp = lazy(async () => ({
  default: (await import("./shortcuts/ShortcutHelp")).ShortcutHelp,
}));

const MAIN = "main";

/** What is around every page of the signed-in. */
export function Shell() {
  const [isNavOpen, nav] = useDisclosure(false);
  const [isPaletteOpen, palette] = useDisclosure(false);
  const [isHelpOpen, help] = useDisclosure(false);
  const [wasAsked, setAsked] = useState({ palette: false, help: false });
  useSessionEnd();
  useShortcutKeys();

  function openPalette(): void {
    setAsked((before) => ({ ...before, palette: true }));
    palette.open();
  }

  function openHelp(): void {
    setAsked((before) => ({ ...before, help: true }));
    help.open();
  }

  useGlobalShortcuts({ onOpenPalette: openPalette, onShowShortcuts: openHelp });

  return (
    <div className={classes.shell}>
      <a
        className={classes.skip}
        href={`#${MAIN}`}
        onClick={(event) => {
          // The address stays: a fragment would be a step in the history.
          event.preventDefault();
          document.getElementById(MAIN)?.focus();
        }}
      >
        {t.shell.skip}
      </a>
      <DemoBanner />
      <div className={classes.side}>
        <Link to="/" className={classes.brand}>
          <Mark />
          {t.shell.product}
        </Link>
        <SideNav />
      </div>
      <TopBar onOpenNav={nav.open} onOpenPalette={openPalette} onShowShortcuts={openHelp} />
      <main id={MAIN} className={classes.main} tabIndex={-1} data-scroll-restoration-id={MAIN}>
        <Outlet />
      </main>
      <Drawer
        opened={isNavOpen}
        onClose={nav.close}
        title={t.shell.product}
        size={260}
        padding="xs"
      >
        <SideNav onGo={nav.close} />
      </Drawer>
      <Suspense>
        {wasAsked.palette && (
          <Palette isOpen={isPaletteOpen} onClose={palette.close} onShowShortcuts={openHelp} />
        )}
        {wasAsked.help && <ShortcutHelp isOpen={isHelpOpen} onClose={help.close} />}
      </Suspense>
    </div>
  );
}
