import { ActionIcon, Tooltip } from "@mantine/core";
import { IconBell } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { unreadQuery } from "../api/notifications";
import { t } from "../texts";
import { count } from "../texts/numbers";
import classes from "./TopBar.module.css";

const MOST_SHOWN = 99;

/** How many notifications are unread, and the way to them. */
export function Bell() {
  const { data: unread = 0 } = useQuery(unreadQuery);
  const label = unread === 0 ? t.shell.bell.none : t.shell.bell.unread(unread);
  return (
    <Tooltip label={label}>
      <ActionIcon
        size={32}
        variant="subtle"
        color="gray"
        className={classes.bell}
        aria-label={label}
        renderRoot={(root) => <Link {...root} to="/notifications" />}
      >
        <IconBell size={18} stroke={1.75} aria-hidden />
        {unread > 0 && (
          <span className={`${classes.unread ?? ""} tk-num`} aria-hidden>
            {unread > MOST_SHOWN ? t.shell.bell.many : count(unread)}
          </span>
        )}
      </ActionIcon>
    </Tooltip>
  );
}
