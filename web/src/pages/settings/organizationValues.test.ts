// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";

import type { Organization } from "../../api/organization";
import { holidaysFault, pathOf, toChanges, toValues } from "./organizationValues";

const KNOWN: Organization = {
  id: "acme",
  name: "Acme",
  time_zone: "Europe/Berlin",
  retention_days: 90,
  retention_rules: [{ days: 30, action: "VIEW", resource_type: null }],
  redaction: { key_patterns: ["ssn"], value_patterns: [], paths: [], allowed_paths: [] },
  working_hours: { start: "09:00", end: "18:00", days: [1, 2, 3, 4, 5], holidays: [] },
  created_at: "2025-01-01T00:00:00Z",
};

describe("toChanges", () => {
  it("sends nothing where nothing differs", () => {
    expect(toChanges(toValues(KNOWN), KNOWN)).toEqual({});
  });

  it("sends the part that differs, whole, and no other", () => {
    const values = toValues(KNOWN);
    values.working_hours.days = ["5", "1"];
    values.working_hours.holidays = "2026-12-25, 2026-12-26";
    expect(toChanges(values, KNOWN)).toEqual({
      working_hours: {
        start: "09:00",
        end: "18:00",
        days: [1, 5],
        holidays: ["2026-12-25", "2026-12-26"],
      },
    });
  });

  it("drops empty lines and writes what is not named as null", () => {
    const values = toValues(KNOWN);
    values.redaction.paths = "\n request.headers.cookie \n\n";
    values.retention_rules = [{ key: "a", action: " ", resource_type: "USER", days: "400" }];
    expect(toChanges(values, KNOWN)).toEqual({
      redaction: {
        key_patterns: ["ssn"],
        value_patterns: [],
        paths: ["request.headers.cookie"],
        allowed_paths: [],
      },
      retention_rules: [{ action: null, resource_type: "USER", days: 400 }],
    });
  });
});

describe("faults", () => {
  it("names a day off that is no date", () => {
    expect(holidaysFault("2026-12-25\n25.12.2026")).toContain("25.12.2026");
    expect(holidaysFault("2026-12-25, 2026-12-26")).toBeNull();
  });

  it("leads to the input that holds the field", () => {
    expect(pathOf("redaction.paths.2")).toBe("redaction.paths");
    expect(pathOf("working_hours.end")).toBe("working_hours.end");
    expect(pathOf("retention_rules.1")).toBe("retention_rules.1.action");
    expect(pathOf("retention_rules.1.days")).toBe("retention_rules.1.days");
  });
});
