import { Anchor, Badge } from "@mantine/core";
import { Link } from "@tanstack/react-router";

import type { Event } from "../../api/event";
import { ActionBadge } from "../../look/ActionBadge";
import { Plain } from "../../parts/Plain";
import { formatDuration } from "../../time/format";
import { When } from "../../time/When";
import { t } from "../../texts";
import classes from "./Event.module.css";
import { Fact } from "./Fact";
import { LongText } from "./LongText";

const LATE_SECONDS = 60;

/** Who did what, when, where and how. */
export function EventFacts({ event }: { event: Event }) {
  const { enrich } = event;
  const late = (Date.parse(event.received_at) - Date.parse(event.timestamp)) / 1000;
  return (
    <dl className={classes.facts}>
      <Fact field="when" value={event.timestamp} isFixed>
        <When at={event.timestamp} kind="both" />
        {late > LATE_SECONDS && (
          <span className={classes.aside}>{t.event.receivedLater(formatDuration(late))}</span>
        )}
      </Fact>
      <Fact field="user_email" value={event.user_email}>
        {event.user_email !== null && event.user_id !== null ? (
          <Anchor
            size="sm"
            renderRoot={(root) => (
              <Link {...root} to="/users/$id" params={{ id: event.user_id ?? "" }} />
            )}
          >
            <Plain text={event.user_email} isTruncated />
          </Anchor>
        ) : (
          <Plain text={event.user_email} none={t.event.noUser} />
        )}
      </Fact>
      {event.user_id !== null && (
        <Fact field="user_id" value={event.user_id}>
          <LongText text={event.user_id} isMono />
        </Fact>
      )}
      {event.on_behalf_of !== null && (
        <Fact field="on_behalf_of" value={event.on_behalf_of}>
          <LongText text={event.on_behalf_of} isMono />
        </Fact>
      )}
      <Fact field="action" value={event.action}>
        <ActionBadge action={event.action} status={event.status} />
      </Fact>
      <Fact field="resource_type" value={event.resource_type}>
        <LongText text={event.resource_type} />
      </Fact>
      {event.resource_name !== null && (
        <Fact field="resource_name" value={event.resource_name}>
          <LongText text={event.resource_name} />
        </Fact>
      )}
      {event.resource_id !== null && (
        <Fact field="resource_id" value={event.resource_id}>
          <Anchor
            size="sm"
            renderRoot={(root) => (
              <Link
                {...root}
                to="/resources/$type/$id"
                params={{ type: event.resource_type, id: event.resource_id ?? "" }}
              />
            )}
          >
            <Plain text={event.resource_id} isMono isTruncated />
          </Anchor>
        </Fact>
      )}
      <Fact field="status" value={event.status}>
        <Badge variant="dot" color={event.status === "FAILED" ? "red" : "green"}>
          {event.status}
        </Badge>
      </Fact>
      <Fact field="ip_address" value={event.ip_address}>
        <Plain text={event.ip_address} isMono none={t.event.none} />
      </Fact>
      {enrich.city !== null && (
        <Fact field="city" value={enrich.city}>
          <Plain text={enrich.city} />
        </Fact>
      )}
      {enrich.country !== null && (
        <Fact field="country" value={enrich.country}>
          <Plain text={enrich.country} />
          {enrich.latitude !== null && enrich.longitude !== null && (
            <span className={classes.aside}>
              {t.event.coordinates(enrich.latitude, enrich.longitude)}
            </span>
          )}
        </Fact>
      )}
      <Fact field="source" value={event.source}>
        <Badge variant="default" radius="sm" className={classes.source}>
          {event.source}
        </Badge>
        <span className={classes.aside}>{t.event.sources[event.source]}</span>
      </Fact>
      {(["browser", "os", "device"] as const).map((field) => {
        const value = enrich[field];
        return value === null ? null : (
          <Fact key={field} field={field} value={value}>
            <Plain text={value} />
          </Fact>
        );
      })}
      {event.user_agent !== null && (
        <Fact field="user_agent" value={event.user_agent}>
          <LongText text={event.user_agent} isMono />
        </Fact>
      )}
      <Fact field="id" value={event.id}>
        <LongText text={event.id} isMono />
      </Fact>
    </dl>
  );
}
