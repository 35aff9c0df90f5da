/** The two sign-ins of an impossible travel. */

import type { Event } from "../../api/event";

export interface Stop {
  eventId: string;
  at: string;
  address: string;
  /** `Berlin, DE`. */
  name: string;
  latitude: number;
  longitude: number;
}

/** Where an event came from; undefined where its address has no known place. */
export function toStop(event: Event): Stop | undefined {
  const { latitude, longitude, city, country } = event.enrich;
  if (latitude === null || longitude === null || event.ip_address === null) return undefined;
  return {
    eventId: event.id,
    at: event.timestamp,
    address: event.ip_address,
    name: [city, country].filter((each) => each !== null && each !== "").join(", "),
    latitude,
    longitude,
  };
}

/**
 * From where to where, of the sign-ins that the reason names by their addresses: the one that
 * raised the detection, and the last one before it. Undefined where one of them is gone.
 */
export function travelOf(
  reason: string,
  evidence: readonly Event[],
  before: readonly Event[],
): [Stop, Stop] | undefined {
  const named = (event: Event) => {
    const stop = toStop(event);
    return stop !== undefined && reason.includes(`(${stop.address})`) ? [stop] : [];
  };
  const to = evidence.flatMap(named)[0];
  if (to === undefined) return undefined;
  const from = before
    .flatMap(named)
    .filter((stop) => stop.at < to.at && stop.address !== to.address)
    .toSorted((one, other) => other.at.localeCompare(one.at))[0];
  return from === undefined ? undefined : [from, to];
}
