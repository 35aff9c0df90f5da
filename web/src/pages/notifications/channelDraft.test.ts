import { describe, expect, it } from "vitest";

import type { Channel } from "../../api/channels";
import { changedTarget, faultsOf, fromChannel, NEW_CHANNEL, toTarget } from "./channelDraft";

const SLACK: Channel = {
  id: "c1",
  name: "Slack",
  kind: "slack",
  hint: "hooks.slack.com",
  to: [],
  is_enabled: true,
  per_minute: 60,
  held_until: null,
  created_by: "u",
  created_at: "2026-11-01T00:00:00Z",
  updated_at: "2026-11-01T00:00:00Z",
};

describe("toTarget", () => {
  it("has what its kind needs and nothing else", () => {
    const draft = { ...NEW_CHANNEL, url: " https://a.example/x ", to: ["a@b.example"] };
    expect(toTarget(draft)).toEqual({ kind: "email", to: ["a@b.example"] });
    expect(toTarget({ ...draft, kind: "slack" })).toEqual({
      kind: "slack",
      url: "https://a.example/x",
    });
    expect(toTarget({ ...draft, kind: "pagerduty", url: "", routingKey: "k" })).toEqual({
      kind: "pagerduty",
      routing_key: "k",
      url: "https://events.pagerduty.com/v2/enqueue",
    });
    expect(toTarget({ ...draft, kind: "in_app" })).toEqual({ kind: "in_app" });
  });
});

describe("a change", () => {
  it("leaves a sealed address as it is where none is said", () => {
    const draft = fromChannel(SLACK);
    expect(changedTarget(draft, SLACK)).toBeUndefined();
    expect(faultsOf(draft, SLACK)).toEqual({});
    expect(changedTarget({ ...draft, url: "https://b.example" }, SLACK)).toEqual({
      kind: "slack",
      url: "https://b.example",
    });
  });

  it("replaces addresses of mail only where they differ", () => {
    const mail: Channel = { ...SLACK, kind: "email", hint: null, to: ["a@b.example"] };
    expect(changedTarget(fromChannel(mail), mail)).toBeUndefined();
    expect(changedTarget({ ...fromChannel(mail), to: [] }, mail)).toEqual({
      kind: "email",
      to: [],
    });
  });
});

describe("faultsOf", () => {
  it("asks of a new channel where it leads", () => {
    expect(Object.keys(faultsOf({ ...NEW_CHANNEL, kind: "slack" }, undefined))).toEqual([
      "name",
      "url",
    ]);
    expect(
      Object.keys(faultsOf({ ...NEW_CHANNEL, name: "n", kind: "pagerduty" }, undefined)),
    ).toEqual(["routingKey"]);
    expect(faultsOf({ ...NEW_CHANNEL, name: "n" }, undefined)).toEqual({});
  });
});
