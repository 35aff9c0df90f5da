import { describe, expect, it } from "vitest";

import { hoursText } from "./hours";

const office = { from_hour: 9, to_hour: 18 };
const late = { from_hour: 20, to_hour: 24 };

describe("hoursText", () => {
  it("says days in a row that are alike once", () => {
    expect(hoursText([office, office, office, office, late, null, null])).toBe(
      "Mon–Thu 09:00–18:00, Fri 20:00–24:00",
    );
  });

  it("leaves days out of which too little is known", () => {
    expect(hoursText([office, null, office, null, null, null, null])).toBe(
      "Mon 09:00–18:00, Wed 09:00–18:00",
    );
    expect(hoursText([null, null, null, null, null, null, null])).toBe("");
  });
});
