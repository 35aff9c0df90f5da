import {
  IconDevices,
  IconLayoutDashboard,
  IconListDetails,
  IconLockAccess,
  IconShieldExclamation,
} from "@tabler/icons-react";

import { useMay } from "../../api/me";
import { t } from "../../texts";
import type { TabLink } from "./TabLinks";

const words = t.users.profile;
const ICON = { size: 16, "aria-hidden": true } as const;

/** The tabs of a profile that the viewer may open: what would be refused is not offered. */
export function useProfileTabs(userId: string): TabLink[] {
  const params = { userId };
  const mayManage = useMay("user:manage");
  const maySeeDetections = useMay("detection:view");
  const tabs: TabLink[] = [
    {
      label: words.overview,
      icon: <IconLayoutDashboard {...ICON} />,
      link: { to: "/users/$userId/overview", params },
    },
    {
      label: words.activity,
      icon: <IconListDetails {...ICON} />,
      link: { to: "/users/$userId/activity", params },
    },
    {
      label: words.access,
      icon: <IconLockAccess {...ICON} />,
      link: { to: "/users/$userId/access", params },
    },
  ];
  if (mayManage) {
    tabs.splice(2, 0, {
      label: words.sessions,
      icon: <IconDevices {...ICON} />,
      link: { to: "/users/$userId/sessions", params },
    });
  }
  if (maySeeDetections) {
    tabs.push({
      label: words.detections,
      icon: <IconShieldExclamation {...ICON} />,
      link: { to: "/users/$userId/detections", params },
    });
  }
  return tabs;
}
