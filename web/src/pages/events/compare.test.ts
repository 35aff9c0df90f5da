import { describe, expect, it } from "vitest";

import type { Event } from "../../api/event";
import { compared } from "./compare";
import { reasonsOf } from "./reasons";

const EVENT: Event = {
  id: "e-1",
  action: "UPDATE",
  resource_type: "ENDPOINT",
  resource_id: "endpoint-1",
  resource_name: "production-api",
  user_id: "u-1",
  user_email: "bob@company.com",
  on_behalf_of: null,
  timestamp: "2026-11-15T16:00:00Z",
  ip_address: "203.0.113.9",
  user_agent: null,
  status: "SUCCESS",
  source: "UI",
  details: { limits: { cpu: 1, memory: 2 } },
  redacted: [],
  organization: "acme",
  received_at: "2026-11-15T16:00:01Z",
  node: 1,
  node_seq: 1,
  enrich: {
    country: "DE",
    city: "Berlin",
    latitude: 52.5,
    longitude: 13.4,
    local_hour: 17,
    local_weekday: 7,
    browser: null,
    os: null,
    device: null,
  },
};

describe("compared", () => {
  it("marks what differs, inside details too, and passes over ids and places in the log", () => {
    const other = {
      ...EVENT,
      id: "e-2",
      node_seq: 2,
      status: "FAILED",
      details: { limits: { cpu: 4, memory: 2 }, reason: null },
    };
    const differing = compared(EVENT, other).filter((pair) => pair.differs);
    expect(differing).toEqual([
      { field: "status", first: "SUCCESS", second: "FAILED", differs: true },
      { field: "details.limits.cpu", first: 1, second: 4, differs: true },
      { field: "details.reason", first: undefined, second: null, differs: true },
    ]);
  });

  it("finds no difference between an event and the same sent again", () => {
    const again = { ...EVENT, id: "e-3", received_at: "2026-11-16T16:00:01Z" };
    expect(compared(EVENT, again).some((pair) => pair.differs)).toBe(false);
  });
});

describe("reasonsOf", () => {
  it("has nothing to explain where everything is there", () => {
    expect(reasonsOf(EVENT)).toEqual([]);
  });

  it("explains the product text's three cases", () => {
    expect(reasonsOf({ ...EVENT, source: "API", details: {} })).toEqual(["noDetails", "api"]);
    expect(
      reasonsOf({
        ...EVENT,
        source: "SYSTEM",
        user_id: null,
        user_email: null,
        ip_address: null,
        details: { a: 1, b: 2, c: 3 },
      }),
    ).toEqual(["system"]);
    expect(reasonsOf({ ...EVENT, action: "DELETE", resource_name: null })).toEqual(["deleted"]);
    expect(reasonsOf({ ...EVENT, resource_name: null })).toEqual(["idOnly"]);
  });

  it("tells a failed sign-in from a sender who named nobody", () => {
    const nobody = { ...EVENT, user_id: null, user_email: null };
    expect(reasonsOf({ ...nobody, action: "LOGIN_FAILED" })).toEqual(["stranger"]);
    expect(reasonsOf(nobody)).toEqual(["noUser"]);
  });

  it("explains a missing address or place", () => {
    expect(reasonsOf({ ...EVENT, ip_address: null })).toEqual(["batch"]);
    const enrich = { ...EVENT.enrich, country: null, city: null };
    expect(reasonsOf({ ...EVENT, enrich })).toEqual(["noPlace"]);
  });
});
