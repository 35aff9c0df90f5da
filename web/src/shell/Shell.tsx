import { useDisclosure } from "@mantine/hooks";
import { Link, Outlet, useRouter } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";

import { t } from "../texts";
import { Brand } from "./Brand";
import { DemoBanner } from "./DemoBanner";
import { useGlobalShortcuts } from "./shortcuts/useGlobalShortcuts";
import { useShortcutKeys } from "./shortcuts/useShortcutKeys";
import classes from "./Shell.module.css";
import { SideNav } from "./SideNav";
import { TopBar } from "./TopBar";
import { useFetched } from "./useFetched";
import { useQuiet } from "./useQuiet";
import { useSessionEnd } from "./useSessionEnd";

const notices = () => import("../live/LiveNotices");
const LiveNotices = lazy(async () => ({ default: (await notices()).LiveNotices }));
// None of these is there before somebody asks for it, so none is in the first load.
const MobileNav = lazy(async () => ({ default: (await import("./MobileNav")).MobileNav }));
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
  const [wasAsked, setAsked] = useState({ nav: false, palette: false, help: false });
  const hasNotices = useFetched(notices, useQuiet(useRouter()));
  useSessionEnd();
  useShortcutKeys();

  function openNav(): void {
    setAsked((before) => ({ ...before, nav: true }));
    nav.open();
  }

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
        <SideNav
          head={
            <Link to="/" className={classes.home}>
              <Brand />
            </Link>
          }
        />
      </div>
      <TopBar onOpenNav={openNav} onOpenPalette={openPalette} onShowShortcuts={openHelp} />
      <main id={MAIN} className={classes.main} tabIndex={-1} data-scroll-restoration-id={MAIN}>
        <Outlet />
      </main>
      <Suspense>{hasNotices && <LiveNotices />}</Suspense>
      <Suspense>
        {wasAsked.nav && <MobileNav isOpen={isNavOpen} onClose={nav.close} />}
        {wasAsked.palette && (
          <Palette isOpen={isPaletteOpen} onClose={palette.close} onShowShortcuts={openHelp} />
        )}
        {wasAsked.help && <ShortcutHelp isOpen={isHelpOpen} onClose={help.close} />}
      </Suspense>
    </div>
  );
}
