import { describe, expect, it } from "vitest";

import { holding, isSingle } from "./networks";

const named = (...networks: string[]) => networks.map((network) => ({ network }));

describe("holding", () => {
  it("finds the entries that let an address in, the narrowest first", () => {
    const entries = named("203.0.113.0/24", "10.0.0.0/8", "203.0.113.7", "0.0.0.0/0", "::/0");
    expect(holding(entries, "203.0.113.7").map((each) => each.network)).toEqual([
      "203.0.113.7",
      "203.0.113.0/24",
      "0.0.0.0/0",
    ]);
    expect(holding(entries, "198.51.100.1").map((each) => each.network)).toEqual(["0.0.0.0/0"]);
  });

  it("knows IPv6", () => {
    const entries = named("2001:db8::/32", "2001:db8:0:0:0:0:0:7", "fe80::/10");
    expect(holding(entries, "2001:db8::7").map((each) => each.network)).toEqual([
      "2001:db8:0:0:0:0:0:7",
      "2001:db8::/32",
    ]);
    expect(holding(entries, "2001:db9::1")).toEqual([]);
    expect(holding(named("64:ff9b::/96"), "64:ff9b::203.0.113.7")).toHaveLength(1);
  });

  it("finds nothing for what is no address", () => {
    for (const text of ["", "localhost", "1.2.3", "1.2.3.256", "1::2::3", "12345::", ":"]) {
      expect(holding(named("0.0.0.0/0", "::/0"), text)).toEqual([]);
    }
  });
});

describe("isSingle", () => {
  it("tells an address from a network", () => {
    expect(["203.0.113.7", "203.0.113.7/32", "::1/128"].every(isSingle)).toBe(true);
    expect(["203.0.113.0/24", "::/0", "x"].some(isSingle)).toBe(false);
  });
});
