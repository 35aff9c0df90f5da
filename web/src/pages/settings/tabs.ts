import type { Me } from "../../api/me";
import { t } from "../../texts";

/** A page of the settings. Without `permission`, everyone has it. */
export type Tab = {
  to:
    | "/settings/profile"
    | "/settings/security"
    | "/settings/organization"
    | "/settings/notifications"
    | "/settings/channels"
    | "/settings/members"
    | "/settings/roles"
    | "/settings/api-keys"
    | "/settings/allow-list"
    | "/settings/second-factor"
    | "/settings/single-sign-on"
    | "/settings/retention";
  label: string;
  group: "own" | "organization";
  permission?: Me["permissions"][number];
};

const names = t.settings.tabs;

export const TABS: readonly Tab[] = [
  { to: "/settings/profile", label: names.profile, group: "own" },
  { to: "/settings/security", label: names.security, group: "own" },
  organization("/settings/organization", names.organization, "settings:view"),
  organization("/settings/notifications", names.notifications, "channel:manage"),
  organization("/settings/channels", names.channels, "channel:manage"),
  organization("/settings/members", names.members, "user:view"),
  organization("/settings/roles", names.roles, "user:view"),
  organization("/settings/api-keys", names.apiKeys, "key:manage"),
  organization("/settings/allow-list", names.allowList, "security:manage"),
  organization("/settings/second-factor", names.secondFactor, "security:manage"),
  organization("/settings/single-sign-on", names.singleSignOn, "security:manage"),
  organization("/settings/retention", names.retention, "settings:view"),
];

function organization(to: Tab["to"], label: string, permission: Tab["permission"]): Tab {
  return { to, label, group: "organization", permission };
}

/** What a person may open; while a second factor has to be set up, that is one page. */
export function tabsFor(me: Pick<Me, "permissions" | "must_enroll">): Tab[] {
  if (me.must_enroll) return TABS.filter((tab) => tab.to === "/settings/security");
  return TABS.filter((tab) => !tab.permission || me.permissions.includes(tab.permission));
}
