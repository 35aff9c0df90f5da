import { Anchor, Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";

import { useMay } from "../../api/me";
import { useMarkRead, type Notification } from "../../api/notifications";
import { notifyProblem } from "../../parts/notify";
import { Plain } from "../../parts/Plain";
import { visibleText } from "../../parts/plainText";
import { t } from "../../texts";
import { When } from "../../time/When";
import { toEventsSearch } from "../security/links";
import { Sentence } from "../security/Sentence";
import { SeverityMark } from "../security/SeverityMark";
import classes from "./InboxPage.module.css";

/** One line of the inbox; who opens its detection has read it. */
export function NotificationRow({ notification }: { notification: Notification }) {
  const words = t.notifications;
  const mayView = useMay("detection:view");
  const maySearch = useMay("user:view");
  const read = useMarkRead();
  const { id, detection_id, is_read, rule_title, what } = notification;
  const open = () => {
    if (!is_read) {
      read.mutate(id);
    }
  };
  // A test is of no detection, and a line of several leads to all of them.
  const isOfOne = detection_id !== "" && what !== "test";
  const leads = mayView && isOfOne;
  return (
    <li className={classes.row} data-unread={!is_read || undefined}>
      {is_read ? (
        <span className={classes.dot} />
      ) : (
        <span className={classes.dot} role="img" aria-label={words.unread} />
      )}
      <div>
        <div className={classes.title}>
          {leads ? (
            <Anchor
              inherit
              title={words.open}
              onClick={open}
              renderRoot={(props) => (
                <Link {...props} to="/security/detections/$id" params={{ id: detection_id }} />
              )}
            >
              <Plain text={notification.title} />
            </Anchor>
          ) : detection_id === "" ? (
            <Anchor inherit href={notification.link} onClick={open}>
              <Plain text={notification.title} />
            </Anchor>
          ) : (
            <Plain text={notification.title} />
          )}
        </div>
        <div className={classes.meta}>
          <SeverityMark severity={notification.severity} />
          <span>{words.what[what]}</span>
          {notification.group !== "" && <Plain text={notification.group} />}
          {notification.count > 0 && <span>{t.security.events(notification.count)}</span>}
          <When at={notification.created_at} kind="relative" />
        </div>
        {notification.reasons.slice(0, 2).map((reason) => (
          <p key={reason} className={classes.reasons}>
            <Sentence text={reason} />
          </p>
        ))}
        {maySearch && isOfOne && (
          <Anchor
            size="sm"
            renderRoot={(props) => (
              <Link {...props} to="/explorer" search={toEventsSearch(notification.link)} />
            )}
          >
            {words.events}
          </Anchor>
        )}
      </div>
      <div className={classes.actions}>
        {!is_read && (
          <Button
            size="compact-sm"
            variant="subtle"
            aria-label={words.markReadOf(visibleText(rule_title || notification.title))}
            loading={read.isPending}
            onClick={() => read.mutate(id, { onError: notifyProblem })}
          >
            {words.markRead}
          </Button>
        )}
      </div>
    </li>
  );
}
