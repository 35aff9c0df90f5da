import { Tooltip } from "@mantine/core";
import {
  IconCircleCheck,
  IconCircleDashed,
  IconCircleOff,
  IconMail,
  IconTrash,
  type TablerIcon,
} from "@tabler/icons-react";

import type { MemberStatus } from "../../api/users";
import { t } from "../../texts";
import classes from "./StatusBadge.module.css";

// An icon of its own for each: the colour is never the only difference.
const ICONS: Record<MemberStatus, TablerIcon> = {
  active: IconCircleCheck,
  invited: IconMail,
  disabled: IconCircleOff,
  deleted: IconTrash,
  observed: IconCircleDashed,
};

/** What somebody is in the organization, with what that means. */
export function StatusBadge({ status }: { status: MemberStatus }) {
  const Icon = ICONS[status];
  return (
    <Tooltip label={t.users.statusMeans[status]}>
      <span className={classes.badge} data-status={status}>
        <Icon size={14} stroke={2} aria-hidden />
        {t.users.statuses[status]}
      </span>
    </Tooltip>
  );
}
