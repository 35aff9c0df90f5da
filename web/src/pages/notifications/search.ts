/** The state of the pages about notifications in the URL. */

import { DELIVERY_STATES, type DeliveryState } from "../../api/deliveries";
import { readOneOf, readText } from "../../routing/search";

export interface InboxSearch {
  /** Unread ones only, where nothing is said. */
  show?: "all";
}

export function validateInboxSearch(raw: Record<string, unknown>): InboxSearch {
  return { show: readOneOf(raw.show, ["all"]) };
}

export interface ChannelsSearch {
  tab?: "deliveries";
  state?: DeliveryState;
  channel?: string;
}

export function validateChannelsSearch(raw: Record<string, unknown>): ChannelsSearch {
  return {
    tab: readOneOf(raw.tab, ["deliveries"]),
    state: readOneOf(raw.state, DELIVERY_STATES),
    channel: readText(raw.channel),
  };
}
