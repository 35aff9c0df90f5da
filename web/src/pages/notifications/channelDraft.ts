/** A channel while it is written, and the target that it becomes. */

import type { Channel, ChannelKind, Target } from "../../api/channels";
import { t } from "../../texts";

export interface ChannelDraft {
  kind: ChannelKind;
  name: string;
  url: string;
  to: string[];
  /** Mattermost's own. */
  room: string;
  routingKey: string;
  perMinute: number | null;
  isEnabled: boolean;
}

export const PAGERDUTY_URL = "https://events.pagerduty.com/v2/enqueue";

export const NEW_CHANNEL: ChannelDraft = {
  kind: "email",
  name: "",
  url: "",
  to: [],
  room: "",
  routingKey: "",
  perMinute: null,
  isEnabled: true,
};

/** Kinds that are called at an address. */
export const WITH_URL: ReadonlySet<ChannelKind> = new Set([
  "slack",
  "teams",
  "mattermost",
  "webhook",
]);

export function fromChannel(channel: Channel): ChannelDraft {
  return {
    ...NEW_CHANNEL,
    kind: channel.kind,
    name: channel.name,
    to: channel.to,
    perMinute: channel.per_minute,
    isEnabled: channel.is_enabled,
  };
}

export function toTarget(draft: ChannelDraft): Target {
  const url = draft.url.trim();
  switch (draft.kind) {
    case "email":
      return { kind: "email", to: draft.to };
    case "in_app":
      return { kind: "in_app" };
    case "mattermost":
      return { kind: "mattermost", url, channel: draft.room.trim() || null };
    case "pagerduty":
      return {
        kind: "pagerduty",
        routing_key: draft.routingKey.trim(),
        url: url || PAGERDUTY_URL,
      };
    default:
      return { kind: draft.kind, url };
  }
}

/** The target that a change replaces; undefined where it stays, for what is sealed is not known. */
export function changedTarget(draft: ChannelDraft, before: Channel): Target | undefined {
  if (draft.kind === "email") {
    return draft.to.join("\n") === before.to.join("\n") ? undefined : toTarget(draft);
  }
  const isSaid = draft.url.trim() !== "" || draft.routingKey.trim() !== "";
  return isSaid ? toTarget(draft) : undefined;
}

export interface ChannelFaults {
  name?: string;
  url?: string;
  routingKey?: string;
}

/** What is missing; of a channel that is there, secrets may be left as they are. */
export function faultsOf(draft: ChannelDraft, before: Channel | undefined): ChannelFaults {
  const words = t.notifications.channels.form;
  const faults: ChannelFaults = {};
  if (draft.name.trim() === "") {
    faults.name = words.nameMissing;
  }
  const isRoomSaid = draft.kind === "mattermost" && draft.room.trim() !== "";
  const mustSayUrl = WITH_URL.has(draft.kind) && (before === undefined || isRoomSaid);
  if (mustSayUrl && draft.url.trim() === "") {
    faults.url = words.urlMissing;
  }
  const mustSayKey = draft.kind === "pagerduty" && (before === undefined || draft.url !== "");
  if (mustSayKey && draft.routingKey.trim() === "") {
    faults.routingKey = words.routingKeyMissing;
  }
  return faults;
}
