import { Anchor } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconShieldExclamation } from "@tabler/icons-react";
import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useEffect } from "react";

import { ME_KEY } from "../api/client";
import { useMay, useMe } from "../api/me";
import { Plain } from "../parts/Plain";
import { t } from "../texts";
import type { Item } from "./items";
import { isUrgent, noticeOf, type Notable } from "./notable";
import { listenTo } from "./topics";

/** Matches no event: this connection is for detections and notifications alone. */
const NOTHING: [string, string][] = [["q", "-*"]];

/** Calls attention to what is urgent, on every page, and keeps bell and detections up to date. */
export function LiveNotices() {
  const me = useMe();
  const mayFollow = useMay("user:view");
  const client = useQueryClient();
  const { history } = useRouter();
  const owner = `${me.organization.id}:${me.user_id ?? ""}`;
  useEffect(() => {
    if (!mayFollow) {
      return undefined;
    }
    const go = (path: string) => {
      history.push(path);
    };
    const hear = hearing(client, go);
    return listenTo(owner, NOTHING, hear);
  }, [owner, mayFollow, client, history]);
  return null;
}

function hearing(client: QueryClient, go: (path: string) => void): (item: Item) => void {
  let wasLive = false;
  let hasBeenLive = false;
  return (item) => {
    if (item.kind === "notice") {
      refresh(client);
      const notable = noticeOf(item.notice);
      if (isUrgent(notable)) {
        show(notable, go);
      }
    } else if (item.kind === "gap") {
      refresh(client);
    } else if (item.kind === "state") {
      const isLive = item.state.phase === "live";
      if (isLive && !wasLive && hasBeenLive) {
        // What was told while nobody was connected is not told again.
        refresh(client);
      }
      wasLive = isLive;
      hasBeenLive ||= isLive;
      if (item.state.problem?.status === 401) {
        void client.invalidateQueries({ queryKey: ME_KEY });
      }
    }
  };
}

function refresh(client: QueryClient): void {
  void client.invalidateQueries({ queryKey: ["notifications"] });
  void client.invalidateQueries({ queryKey: ["detections"] });
}

function show(notable: Notable, go: (path: string) => void): void {
  const { id, title, text, severity, path } = notable;
  const word = t.live.notices.severities[severity] ?? severity;
  notifications.show({
    // The same incident comes as a detection and as a notification: one toast is enough.
    id,
    title: (
      <>
        {word}: <Plain text={title} />
      </>
    ),
    message: (
      <>
        <Plain text={text} none="" />{" "}
        <Anchor
          href={path}
          size="sm"
          onClick={(event) => {
            event.preventDefault();
            notifications.hide(id);
            go(path);
          }}
        >
          {t.live.notices.look}
        </Anchor>
      </>
    ),
    color: severity === "critical" ? "pink" : "red",
    icon: <IconShieldExclamation size={16} aria-hidden />,
    autoClose: severity === "critical" ? false : 15_000,
  });
}
