import {
  IconBell,
  IconBox,
  IconBrain,
  IconChartBar,
  IconFileText,
  IconFingerprint,
  IconFolder,
  IconKey,
  IconPlugConnected,
  IconServer2,
  IconSettings,
  IconShield,
  IconUser,
  IconUsersGroup,
  type Icon,
} from "@tabler/icons-react";

export { ResourceIcon } from "./ResourceIcon";

const ICONS = new Map<string, Icon>([
  ["USER", IconUser],
  ["PROJECT", IconFolder],
  ["MODEL", IconBrain],
  ["ENDPOINT", IconPlugConnected],
  ["CLUSTER", IconServer2],
  ["BENCHMARK", IconChartBar],
  ["ORGANIZATION", IconUsersGroup],
  ["ROLE", IconShield],
  ["API_KEY", IconKey],
  ["PASSKEY", IconFingerprint],
  ["AUDIT_LOG", IconFileText],
  ["RULE", IconShield],
  ["DETECTION", IconShield],
  ["NOTIFICATION_CHANNEL", IconBell],
  ["ALERT_SETTING", IconBell],
  ["SETTINGS", IconSettings],
  ["SETTING", IconSettings],
]);

/** A type of resource as an icon. Senders may name types of their own. */
export function resourceIcon(type: string): Icon {
  return ICONS.get(type) ?? IconBox;
}
