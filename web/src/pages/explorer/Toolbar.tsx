import { Button, Menu } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import {
  IconActivity,
  IconBellPlus,
  IconCopy,
  IconLink,
  IconRefresh,
  IconTerminal2,
} from "@tabler/icons-react";

import { useMay } from "../../api/me";
import { ExportButton } from "../export/ExportButton";
import { t } from "../../texts";
import { useZone } from "../../time/zone";
import { useExplorer } from "./ExplorerContext";
import { SavedViews } from "./SavedViews";
import classes from "./Toolbar.module.css";
import { useCopies } from "./useCopies";
import { ViewMenu } from "./ViewMenu";

/** What can be done with the search: follow it, be told of it, hand it on, take it away. */
export function Toolbar() {
  const { wholeQuery, filter, refresh, scope } = useExplorer();
  const { zone } = useZone();
  const { copyLink, copyCurl } = useCopies();
  const mayAlert = useMay("rule:manage");
  const query = wholeQuery === "" ? {} : { q: wholeQuery };
  return (
    <div className={classes.tools} role="group" aria-label={t.explorer.tools.label}>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconRefresh size={14} aria-hidden />}
        aria-label={t.explorer.tools.refreshLabel}
        onClick={refresh}
      >
        <span className={classes.word}>{t.explorer.tools.refresh}</span>
      </Button>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconActivity size={14} aria-hidden />}
        aria-label={t.explorer.tools.liveLabel}
        renderRoot={(root) => <Link {...root} to="/live" search={query} />}
      >
        <span className={classes.word}>{t.explorer.tools.live}</span>
      </Button>
      {mayAlert && (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconBellPlus size={14} aria-hidden />}
          aria-label={t.explorer.tools.alert}
          renderRoot={(root) => <Link {...root} to="/rules/new" search={query} />}
        >
          <span className={classes.word}>{t.explorer.tools.alert}</span>
        </Button>
      )}
      <Menu position="bottom-end" withinPortal={false}>
        <Menu.Target>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconCopy size={14} aria-hidden />}
            aria-label={t.explorer.tools.copy}
          >
            <span className={classes.word}>{t.explorer.tools.copy}</span>
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconLink size={16} aria-hidden />} onClick={copyLink}>
            {t.explorer.tools.copyLink}
            <span className={classes.hint}>{t.explorer.tools.copyLinkHint}</span>
          </Menu.Item>
          <Menu.Item leftSection={<IconTerminal2 size={16} aria-hidden />} onClick={copyCurl}>
            {t.explorer.tools.copyCurl}
            <span className={classes.hint}>{t.explorer.tools.copyCurlHint}</span>
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {scope === undefined && <SavedViews />}
      <ViewMenu />
      <ExportButton filter={{ ...filter, time_zone: zone }} size="xs" />
    </div>
  );
}
