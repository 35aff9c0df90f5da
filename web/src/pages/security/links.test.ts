import { describe, expect, it } from "vitest";

import { toEventsSearch, toTerm } from "./links";

describe("toEventsSearch", () => {
  it("takes the question and nothing else", () => {
    expect(
      toEventsSearch(
        "/explorer?q=ip_address%3A203.0.113.7+a&start_date=2026-11-01T00%3A00%3A00Z&x=1",
      ),
    ).toEqual({ q: "ip_address:203.0.113.7 a", start_date: "2026-11-01T00:00:00Z" });
    // Both ends within one millisecond: a detection of one event.
    expect(
      toEventsSearch(
        "/explorer?start_date=2026-11-01T00:00:00.5Z&end_date=2026-11-01T00:00:00.500001Z",
      ),
    ).toEqual({
      start_date: "2026-11-01T00:00:00.5Z",
      end_date: "2026-11-01T00:00:00.501Z",
    });
    expect(toEventsSearch("https://elsewhere.example/")).toEqual({});
  });
});

describe("toTerm", () => {
  it("quotes what is not a plain word", () => {
    expect(toTerm("ip_address", "203.0.113.7")).toBe("ip_address:203.0.113.7");
    expect(toTerm("ip_address", "2001:db8::7")).toBe('ip_address:"2001:db8::7"');
    expect(toTerm("user", 'a "b" \\')).toBe('user:"a \\"b\\" \\\\"');
  });
});
