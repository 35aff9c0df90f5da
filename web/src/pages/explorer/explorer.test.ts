import { describe, expect, it } from "vitest";

import type { EventRow } from "../../api/events";
import { parseSearch, stringifySearch } from "../../routing/search";
import { cellFilter, cellText, COLUMN_NAMES } from "./columns";
import { curlOf } from "./curl";
import { intervalFor } from "./interval";
import { readExplorerSearch, type ExplorerSearch } from "./search";
import { queryOfView, searchOfView } from "./viewQuery";

const ROW: EventRow = {
  id: "e-1",
  timestamp: "2026-11-20T10:00:00Z",
  action: "DELETE",
  resource_type: "ENDPOINT",
  resource_id: "endpoint-1",
  resource_name: null,
  user_id: null,
  user_email: null,
  on_behalf_of: null,
  status: "FAILED",
  source: "SYSTEM",
  ip_address: null,
  place: { country: "DE", city: null, latitude: null, longitude: null },
  agent: { browser: null, os: "Linux", device: null },
};

function readBack(search: ExplorerSearch): ExplorerSearch {
  return readExplorerSearch(parseSearch(stringifySearch({ ...search })));
}

describe("the address", () => {
  it("comes back as it was written", () => {
    const search: ExplorerSearch = {
      q: 'action:(CREATE OR DELETE) -user_email:"a,b@c.io" 100%+ & #',
      range: "custom",
      from: "2026-11-01T00:00:00.000Z",
      to: "2026-11-02T00:00:00.000Z",
      event: "id,with,commas",
      columns: ["timestamp", "id"],
      compare: ["a,1", "b"],
      view: "map",
    };
    expect(readBack(search)).toEqual(search);
  });

  it("can be read by people", () => {
    const q = "action:(CREATE OR DELETE) -status:FAILED";
    expect(stringifySearch({ q, range: "7d" })).toBe(
      "?q=action:(CREATE+OR+DELETE)+-status:FAILED&range=7d",
    );
  });

  it("takes fields by themselves, and the API's names of a range", () => {
    const raw = parseSearch(
      "?action=CREATE,DELETE&user_id=u+1&q=x&start_date=2026-11-01&end_date=2026-11-03",
    );
    expect(readExplorerSearch(raw)).toMatchObject({
      q: 'x action:(CREATE OR DELETE) user_id:"u 1"',
      range: "custom",
    });
  });

  it("drops what means nothing", () => {
    const raw = parseSearch("?range=1y&columns=nope&compare=only-one&view=globe&q=");
    const { q, range, columns, compare, view } = readExplorerSearch(raw);
    expect([q, range, columns, compare, view]).toEqual([
      undefined,
      "7d",
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe("the chart's step", () => {
  const days = (n: number) => ({
    start_date: "2026-01-01T00:00:00Z",
    end_date: new Date(Date.parse("2026-01-01T00:00:00Z") + n * 86_400_000).toISOString(),
  });

  it("is the finest that fits into the width", () => {
    expect(intervalFor(days(1), 1200)).toBe("hour");
    expect(intervalFor(days(7), 1200)).toBe("hour");
    expect(intervalFor(days(7), 360)).toBe("day");
    expect(intervalFor(days(90), 1200)).toBe("day");
    expect(intervalFor(days(365), 360)).toBe("week");
    expect(intervalFor(days(0.05), 600)).toBe("minute");
    expect(intervalFor(days(365_000), 600)).toBe("month");
  });
});

describe("a cell", () => {
  it("filters for what it shows", () => {
    for (const name of COLUMN_NAMES) {
      const filter = cellFilter(ROW, name);
      if (name === "timestamp") expect(filter).toBeUndefined();
      else expect(filter?.value ?? "").toBe(cellText(ROW, name));
    }
  });

  it("asks for absence where nothing is known", () => {
    expect(cellFilter(ROW, "user")).toEqual({ field: "user", value: null });
    expect(cellFilter(ROW, "place")).toEqual({ field: "country", value: "DE" });
  });
});

describe("curl", () => {
  it("says the same as the page, and quotes for the shell", () => {
    const filter = { q: ["user:'x'"], start_date: "a", end_date: "b", user_id: ["u-1"] };
    expect(curlOf(filter, "https://log.example")).toBe(
      [
        "curl --get 'https://log.example/audit-logs/'",
        '--header "Authorization: Bearer $TRAILKEEPER_API_KEY"',
        "--data-urlencode 'q=user:'\\''x'\\'''",
        "--data-urlencode 'start_date=a'",
        "--data-urlencode 'end_date=b'",
        "--data-urlencode 'user_id=u-1'",
      ].join(" \\\n  "),
    );
  });
});

describe("a saved view", () => {
  it("keeps the search, not what is open beside it", () => {
    const search: ExplorerSearch = { q: "action:DELETE a,b", range: "30d", event: "e-1" };
    const query = queryOfView(search);
    expect(query).not.toContain("e-1");
    expect(searchOfView(query)).toMatchObject({ q: "action:DELETE a,b", range: "30d" });
  });
});
