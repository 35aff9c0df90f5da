import { expect, it } from "vitest";

import type { Event } from "../../api/event";
import { travelOf } from "./travel";

function signIn(id: string, timestamp: string, address: string, city: string | null): Event {
  const place = city === null ? [null, null] : [52.5, 13.4];
  return {
    id,
    timestamp,
    ip_address: address,
    enrich: { city, country: "DE", latitude: place[0], longitude: place[1] },
  } as Event;
}

const REASON =
  "Signed in from Berlin, DE (192.0.2.1) at 2026-11-03 10:00 UTC, then from Singapore, SG " +
  "(198.51.100.7) at 2026-11-03 11:00 UTC.";
const SECOND = signIn("b", "2026-11-03T11:00:00Z", "198.51.100.7", "Singapore");

it("goes from the last sign-in that the reason names to the one that raised it", () => {
  const before = [
    signIn("later", "2026-11-03T12:00:00Z", "192.0.2.1", "Berlin"),
    signIn("older", "2026-11-02T10:00:00Z", "192.0.2.1", "Berlin"),
    signIn("a", "2026-11-03T10:00:00Z", "192.0.2.1", "Berlin"),
    signIn("other", "2026-11-03T10:30:00Z", "192.0.2.11", "Berlin"),
    SECOND,
  ];
  const travel = travelOf(REASON, [SECOND], before);
  expect(travel?.map((stop) => stop.eventId)).toEqual(["a", "b"]);
});

it("draws nothing where a sign-in is gone or has no place", () => {
  const first = signIn("a", "2026-11-03T10:00:00Z", "192.0.2.1", null);
  expect(travelOf(REASON, [SECOND], [first])).toBeUndefined();
  expect(travelOf(REASON, [], [SECOND])).toBeUndefined();
});
