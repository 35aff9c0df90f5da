import { describe, expect, it } from "vitest";

import { stepWords } from "./steps";

describe("stepWords", () => {
  it("says what one bar covers", () => {
    expect(stepWords("hour", 3600)).toBe("per hour");
    expect(stepWords("hour", 3 * 3600)).toBe("per 3 hours");
    expect(stepWords("minute", 15 * 60)).toBe("per 15 minutes");
    expect(stepWords("day", 86_400)).toBe("per day");
  });

  it("does not count the days of weeks and months, which differ", () => {
    expect(stepWords("week", 604_800)).toBe("per week");
    expect(stepWords("month", 2_629_800)).toBe("per month");
  });

  it("never says less than one", () => {
    expect(stepWords("day", 82_800)).toBe("per day");
  });
});
