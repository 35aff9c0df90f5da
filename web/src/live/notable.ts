/** Detections and notifications of the stream, as one kind of thing to call attention to. */
import { t } from "../texts";
import type { Notice } from "./items";

export interface Notable {
  /** The same for a detection and the notification about it. */
  id: string;
  title: string;
  text: string;
  severity: string;
  /** Within the console. */
  path: string;
  isNew: boolean;
}

const URGENT = new Set(["high", "critical"]);
const INBOX = "/notifications";

export function noticeOf(notice: Notice): Notable {
  if (notice.kind === "notification") {
    const { id, detection_id, title, text, severity, url } = notice.notification;
    return {
      id: detection_id === "" ? `notification-${id}` : `detection-${detection_id}`,
      title,
      text,
      severity,
      path: pathOf(url) ?? INBOX,
      isNew: true,
    };
  }
  const { id, what, rule_title, severity, group, count, url } = notice.detection;
  return {
    id: `detection-${id}`,
    title: t.live.notices.detection(rule_title, group),
    text: t.live.notices.detectionCount(count),
    severity,
    path: pathOf(url) ?? `/security/detections/${encodeURIComponent(id)}`,
    isNew: NEW.has(what),
  };
}

/** Words of a detection's history for what has just begun, or begun again. */
const NEW = new Set(["opened", "reopened"]);

export function isUrgent(notable: Notable): boolean {
  return notable.isNew && URGENT.has(notable.severity);
}

/** A link of the service's as a path of this page's own origin; another origin's is none. */
function pathOf(url: string): string | null {
  if (url === "") {
    return null;
  }
  const origin = window.location.origin;
  const parsed = URL.canParse(url, origin) ? new URL(url, origin) : null;
  // The public address may differ from the one that is open (a tunnel): the path is the same.
  return parsed !== null && /^https?:$/.test(parsed.protocol)
    ? parsed.pathname + parsed.search + parsed.hash
    : null;
}
