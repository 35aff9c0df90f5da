import { describe, expect, it } from "vitest";

import type { AlertSetting } from "../../api/alert_settings";
import type { Channel } from "../../api/channels";
import { faultsOf, fromSetting, NEW_ALERT, toPlan, toRuleForm } from "./alertDraft";

const CHANNEL: Channel = {
  id: "c1",
  name: "Mail",
  kind: "email",
  hint: null,
  to: ["security@acme.example"],
  is_enabled: true,
  per_minute: 60,
  held_until: null,
  created_by: "u",
  created_at: "2026-11-01T00:00:00Z",
  updated_at: "2026-11-01T00:00:00Z",
};

const SETTING: AlertSetting = {
  id: "s1",
  name: "Nights",
  is_enabled: false,
  created_at: "2026-11-01T00:00:00Z",
  updated_at: "2026-11-01T00:00:00Z",
  plan: {
    min_severity: "high",
    tags: ["attack.exfiltration"],
    rule_id: null,
    on: ["opened"],
    channels: ["c1"],
    people: ["u1"],
    roles: ["ADMIN"],
    digest_minutes: 60,
    quiet_hours: { start: "22:00", end: "06:00", days: [1, 2], critical_breaks_through: false },
    escalation: { after_minutes: 15, setting: "s2" },
  },
};

describe("a draft", () => {
  it("is the plan that it was read from", () => {
    expect(toPlan(fromSetting(SETTING), null)).toEqual(SETTING.plan);
  });

  it("of described events is of the rule that they become, whatever its severity", () => {
    const draft = { ...NEW_ALERT, source: "events" as const };
    expect(toPlan(draft, "r1")).toMatchObject({ rule_id: "r1", min_severity: "informational" });
    expect(toRuleForm(draft)).toMatchObject({
      query: "action:LOGIN_FAILED",
      more_than: 5,
      window_seconds: 600,
      group_by: ["ip_address"],
      title: "Alert: action:LOGIN_FAILED by ip_address more than 5 in 10 minutes",
    });
  });
});

describe("faultsOf", () => {
  it("says what a new alert lacks", () => {
    expect(Object.keys(faultsOf(NEW_ALERT, []))).toEqual(["name", "channels"]);
  });

  it("asks for people where a channel has no address of its own", () => {
    const draft = { ...NEW_ALERT, name: "n", channels: ["c1"] };
    expect(faultsOf(draft, [CHANNEL])).toEqual({});
    expect(Object.keys(faultsOf(draft, [{ ...CHANNEL, to: [] }]))).toEqual(["recipients"]);
    expect(faultsOf({ ...draft, roles: ["ADMIN"] }, [{ ...CHANNEL, to: [] }])).toEqual({});
  });

  it("finds nothing in a setting that is there", () => {
    expect(faultsOf(fromSetting(SETTING), [CHANNEL])).toEqual({});
  });
});
