import { useMantineColorScheme } from "@mantine/core";
import {
  IconBuilding,
  IconDeviceDesktop,
  IconKeyboard,
  IconLogout,
  IconMoon,
  IconSun,
  IconWorld,
} from "@tabler/icons-react";

import { useGoToOrganization, useMe, useSignOut } from "../../api/me";
import { notifyProblem } from "../../parts/notify";
import { visibleText } from "../../parts/plainText";
import { t } from "../../texts";
import { useZone, ZONE_CHOICES, zoneOf } from "../../time/zone";
import type { Command } from "./command";

const SCHEMES = [
  { scheme: "light", icon: IconSun },
  { scheme: "dark", icon: IconMoon },
  { scheme: "auto", icon: IconDeviceDesktop },
] as const;

/** What can be done from anywhere: theme, zone, organization, signing out. */
export function useDeeds(onShowShortcuts: () => void): Command[] {
  const me = useMe();
  const goTo = useGoToOrganization();
  const signOut = useSignOut();
  const { setChoice } = useZone();
  const { setColorScheme } = useMantineColorScheme();
  const themes = SCHEMES.map(({ scheme, icon }) => ({
    id: `theme-${scheme}`,
    label: `${t.shell.theme.label}: ${t.shell.theme[scheme]}`,
    icon,
    run: () => {
      setColorScheme(scheme);
    },
  }));
  const zones = ZONE_CHOICES.map((choice) => ({
    id: `zone-${choice}`,
    label: t.shell.palette.zone(t.parts.zone.choices[choice]),
    about: zoneOf(choice, me.organization.time_zone),
    icon: IconWorld,
    run: () => {
      setChoice(choice);
    },
  }));
  const organizations = me.organizations
    .filter((organization) => organization.id !== me.organization.id)
    .map((organization) => ({
      id: `organization-${organization.id}`,
      label: t.shell.palette.organization(visibleText(organization.name)),
      icon: IconBuilding,
      run: () => {
        goTo.mutate(organization.id, { onError: notifyProblem });
      },
    }));
  return [
    ...organizations,
    ...themes,
    ...zones,
    {
      id: "shortcuts",
      label: t.shell.person.shortcuts,
      icon: IconKeyboard,
      run: onShowShortcuts,
    },
    {
      id: "sign-out",
      label: t.shell.person.signOut,
      icon: IconLogout,
      run: () => {
        signOut.mutate(undefined, { onError: notifyProblem });
      },
    },
  ];
}
