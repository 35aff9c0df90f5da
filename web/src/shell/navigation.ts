import {
  IconBell,
  IconBolt,
  IconBox,
  IconChartHistogram,
  IconLayoutDashboard,
  IconListSearch,
  IconRuler2,
  IconSettings,
  IconShieldExclamation,
  IconUserCircle,
  IconUsers,
  type Icon,
} from "@tabler/icons-react";
import type { LinkProps } from "@tanstack/react-router";

import type { Permission } from "../api/me";
import { t } from "../texts";

export interface NavigationItem {
  key: string;
  label: string;
  icon: Icon;
  to: LinkProps["to"];
  params?: LinkProps["params"];
  /** Who lacks it is not led to what the service would refuse. */
  permission?: Permission;
  /** Only for its own address, not for those below. */
  isExact?: boolean;
}

const words = t.shell.nav;

const LOOK: readonly NavigationItem[] = [
  {
    key: "dashboard",
    label: words.dashboard,
    icon: IconLayoutDashboard,
    to: "/",
    permission: "user:view",
    isExact: true,
  },
  {
    key: "explorer",
    label: words.explorer,
    icon: IconListSearch,
    to: "/explorer",
    permission: "user:view",
  },
  { key: "live", label: words.live, icon: IconBolt, to: "/live", permission: "user:view" },
];

const KNOW: readonly NavigationItem[] = [
  { key: "users", label: words.users, icon: IconUsers, to: "/users", permission: "user:view" },
  {
    key: "resources",
    label: words.resources,
    icon: IconBox,
    to: "/resources",
    permission: "user:view",
  },
  {
    key: "analytics",
    label: words.analytics,
    icon: IconChartHistogram,
    to: "/analytics",
    permission: "user:view",
  },
];

const WATCH: readonly NavigationItem[] = [
  {
    key: "security",
    label: words.security,
    icon: IconShieldExclamation,
    to: "/security",
    permission: "detection:view",
  },
  { key: "rules", label: words.rules, icon: IconRuler2, to: "/rules", permission: "rule:view" },
];

const OWN: readonly NavigationItem[] = [
  { key: "notifications", label: words.notifications, icon: IconBell, to: "/notifications" },
  { key: "settings", label: words.settings, icon: IconSettings, to: "/settings" },
];

function ownActivity(userId: string): NavigationItem {
  const params = { userId };
  return {
    key: "own-activity",
    label: words.ownActivity,
    icon: IconUserCircle,
    to: "/users/$userId/activity",
    params,
  };
}

/** The pages that somebody may see, in the groups of the sidebar. */
export function navigationFor(
  may: (permission: Permission) => boolean,
  ownUserId: string | null | undefined,
): NavigationItem[][] {
  const groups = [LOOK, KNOW, WATCH, OWN].map((group) =>
    group.filter((item) => item.permission === undefined || may(item.permission)),
  );
  if (!may("user:view") && ownUserId) {
    groups.unshift([ownActivity(ownUserId)]);
  }
  return groups.filter((group) => group.length > 0);
}
