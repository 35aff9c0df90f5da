import { describe, expect, it } from "vitest";

import { riskWords } from "./riskWords";

describe("riskWords", () => {
  it("says what is behind a signal, with its numbers", () => {
    const facts = { addresses: 1, last_at: "2026-11-24T10:00:00Z" };
    expect(riskWords({ code: "FAILED_SIGN_INS", weight: 20, count: 28, facts })).toBe(
      "28 failed sign-ins from 1 address",
    );
    const places = { countries: ["PT"], known: ["DE", "FR"] };
    expect(riskWords({ code: "NEW_COUNTRY", weight: 25, count: 5, facts: places })).toBe(
      "Active from PT for the first time; known from DE, FR",
    );
    expect(
      riskWords({ code: "OFF_HOURS", weight: 5, count: 12, facts: { share: 0.25, total: 48 } }),
    ).toBe("12 events outside working hours, 25% of all");
  });

  it("does without facts that are not there", () => {
    expect(riskWords({ code: "NEW_COUNTRY", weight: 25, count: 1, facts: {} })).toBe(
      "Active from a country for the first time",
    );
  });
});
