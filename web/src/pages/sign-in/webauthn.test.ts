// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";

import { fromBase64url, passkeyObstacle, toBase64url } from "./webauthn";

describe("base64url", () => {
  it("has neither padding nor characters that a URL minds", () => {
    expect(toBase64url(new Uint8Array([251, 255, 191]).buffer)).toBe("-_-_");
    expect(toBase64url(new Uint8Array([1]).buffer)).toBe("AQ");
  });

  it("comes back as it went, at every length", () => {
    for (let length = 0; length < 40; length += 1) {
      const bytes = Uint8Array.from({ length }, (_, index) => (index * 89 + length) % 256);
      expect(new Uint8Array(fromBase64url(toBase64url(bytes.buffer)))).toEqual(bytes);
    }
  });
});

describe("passkeyObstacle", () => {
  it.each(["127.0.0.1", "192.168.1.20", "[::1]"])("names the bare address %s", (host) => {
    expect(passkeyObstacle(host)).toContain(host);
  });
});
