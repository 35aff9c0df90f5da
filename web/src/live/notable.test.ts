import { describe, expect, it } from "vitest";

import { isUrgent, noticeOf } from "./notable";

const DETECTION = {
  id: "d-1",
  what: "opened",
  rule_title: "Bulk deletions",
  severity: "high",
  group: "bob@company.com",
  count: 12,
  url: "/security/detections/d-1",
};
const NOTIFICATION = {
  id: "7",
  title: "Bulk deletions",
  text: "12 events",
  severity: "high",
  detection_id: "d-1",
  url: "https://elsewhere.example/security/detections/d-1",
};

describe("noticeOf", () => {
  it("gives a detection and the notification about it one name, so that they are one toast", () => {
    const detection = noticeOf({ kind: "detection", detection: DETECTION });
    const notification = noticeOf({ kind: "notification", notification: NOTIFICATION });
    expect(detection.id).toBe(notification.id);
    expect(detection.path).toBe("/security/detections/d-1");
    expect(notification.path).toBe("/security/detections/d-1");
  });

  it("leads nowhere but into the console", () => {
    const odd = { ...NOTIFICATION, url: "javascript:alert(1)", detection_id: "" };
    const notable = noticeOf({ kind: "notification", notification: odd });
    expect(notable.path).toBe("/notifications");
    expect(notable.id).toBe("notification-7");
  });
});

describe("isUrgent", () => {
  it("calls for what is high or critical and new", () => {
    const of = (part: object) =>
      isUrgent(noticeOf({ kind: "detection", detection: { ...DETECTION, ...part } }));
    expect(of({})).toBe(true);
    expect(of({ severity: "critical", what: "reopened" })).toBe(true);
    expect(of({ severity: "medium" })).toBe(false);
    expect(of({ what: "resolved" })).toBe(false);
  });
});
