/** An event's own fields, by the names that the search language knows them by. */
import type { Event } from "../../api/event";

/** Fields that can be searched for: a value of theirs offers "filter for" and "filter out". */
export const FILTERABLE: ReadonlySet<string> = new Set([
  "action",
  "resource_type",
  "resource_id",
  "resource_name",
  "user_id",
  "user_email",
  "on_behalf_of",
  "ip_address",
  "user_agent",
  "status",
  "source",
  "country",
  "city",
  "browser",
  "os",
  "device",
  "id",
]);

/** All fields but details, as name and value, in the order in which they are read. */
export function fieldsOf(event: Event): [string, unknown][] {
  const { enrich } = event;
  return [
    ["timestamp", event.timestamp],
    ["action", event.action],
    ["status", event.status],
    ["source", event.source],
    ["resource_type", event.resource_type],
    ["resource_id", event.resource_id],
    ["resource_name", event.resource_name],
    ["user_id", event.user_id],
    ["user_email", event.user_email],
    ["on_behalf_of", event.on_behalf_of],
    ["ip_address", event.ip_address],
    ["country", enrich.country],
    ["city", enrich.city],
    ["latitude", enrich.latitude],
    ["longitude", enrich.longitude],
    ["user_agent", event.user_agent],
    ["browser", enrich.browser],
    ["os", enrich.os],
    ["device", enrich.device],
    ["local_hour", enrich.local_hour],
    ["local_weekday", enrich.local_weekday],
  ];
}
