import {
  IconBell,
  IconBrandSlack,
  IconBrandTeams,
  IconMail,
  IconMessageCircle,
  IconUrgent,
  IconWebhook,
  type Icon,
} from "@tabler/icons-react";

import type { ChannelKind } from "../../api/channels";

const ICONS: Record<ChannelKind, Icon> = {
  email: IconMail,
  slack: IconBrandSlack,
  in_app: IconBell,
  teams: IconBrandTeams,
  mattermost: IconMessageCircle,
  webhook: IconWebhook,
  pagerduty: IconUrgent,
};

export function ChannelIcon({ kind, size = 18 }: { kind: ChannelKind; size?: number }) {
  const Shape = ICONS[kind];
  return <Shape size={size} stroke={1.75} aria-hidden />;
}
