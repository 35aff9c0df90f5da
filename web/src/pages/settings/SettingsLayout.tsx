import { NativeSelect, NavLink, Text } from "@mantine/core";
import { Link, Outlet, useLocation, useNavigate } from "@tanstack/react-router";

import { useMe } from "../../api/me";
import { t } from "../../texts";
import classes from "./SettingsLayout.module.css";
import { tabsFor, type Tab } from "./tabs";

/** The pages of the settings side by side: a list of them, and the one that is open. */
export function SettingsLayout() {
  const tabs = tabsFor(useMe());
  const path = useLocation({ select: (location) => location.pathname });
  const navigate = useNavigate();
  const groups = (["own", "organization"] as const)
    .map((group) => ({
      label: t.settings.groups[group],
      tabs: tabs.filter((tab) => tab.group === group),
    }))
    .filter((group) => group.tabs.length > 0);
  const open = (to: string) => {
    const tab = tabs.find((each) => each.to === to);
    if (tab) void navigate({ to: tab.to });
  };
  return (
    <div className={["tk-page", classes.layout].join(" ")}>
      <nav aria-label={t.settings.navigation} className={classes.side}>
        {groups.map((group) => (
          <div key={group.label}>
            <Text className={classes.group} component="h2">
              {group.label}
            </Text>
            {group.tabs.map((tab) => (
              <SideLink key={tab.to} tab={tab} isOpen={path.startsWith(tab.to)} />
            ))}
          </div>
        ))}
      </nav>
      {/* Twelve links side by side do not fit a phone; one box to choose from does. */}
      <NativeSelect
        className={classes.choice}
        aria-label={t.settings.navigation}
        value={tabs.find((tab) => path.startsWith(tab.to))?.to ?? ""}
        onChange={(event) => {
          open(event.currentTarget.value);
        }}
        data={groups.map((group) => ({
          group: group.label,
          items: group.tabs.map((tab) => ({ value: tab.to, label: tab.label })),
        }))}
      />
      <div className={classes.page}>
        <Outlet />
      </div>
    </div>
  );
}

function SideLink({ tab, isOpen }: { tab: Tab; isOpen: boolean }) {
  return (
    <NavLink
      label={tab.label}
      active={isOpen}
      className={classes.link}
      renderRoot={(props: object) => <Link to={tab.to} {...props} />}
    />
  );
}
