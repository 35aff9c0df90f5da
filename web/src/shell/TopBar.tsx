import { ActionIcon, UnstyledButton } from "@mantine/core";
import { IconMenu2, IconSearch } from "@tabler/icons-react";

import { t } from "../texts";
import { ZoneMenu } from "../time/ZoneMenu";
import { Bell } from "./Bell";
import { Keys } from "./shortcuts/Keys";
import { PersonMenu } from "./PersonMenu";
import { ThemeMenu } from "./ThemeMenu";
import classes from "./TopBar.module.css";

export interface TopBarProps {
  onOpenNav: () => void;
  onOpenPalette: () => void;
  onShowShortcuts: () => void;
}

/** Search, bell, time zone, theme, and who is signed in. */
export function TopBar({ onOpenNav, onOpenPalette, onShowShortcuts }: TopBarProps) {
  return (
    <header className={classes.bar}>
      <ActionIcon
        size={32}
        variant="subtle"
        color="gray"
        className={classes.burger}
        aria-label={t.shell.nav.open}
        onClick={onOpenNav}
      >
        <IconMenu2 size={18} stroke={1.75} aria-hidden />
      </ActionIcon>
      <UnstyledButton className={classes.search} onClick={onOpenPalette}>
        <IconSearch size={15} stroke={1.75} aria-hidden />
        <span className={classes.searchText}>{t.shell.palette.open}</span>
        <span className={classes.searchKeys} aria-hidden>
          <Keys keys="mod+k" />
        </span>
      </UnstyledButton>
      <span className={classes.space} />
      <ZoneMenu isIcon />
      <Bell />
      <ThemeMenu />
      <PersonMenu onShowShortcuts={onShowShortcuts} />
    </header>
  );
}
