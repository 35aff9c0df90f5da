import { afterEach, describe, expect, it, vi } from "vitest";
import { fetchPage, inWords, plain, TokenExpired } from "./feed";

const SIGNAL = new AbortController().signal;

afterEach(() => {
  vi.unstubAllGlobals();
});

function answering(status: number, body: unknown): ReturnType<typeof vi.fn> {
  const fetching = vi.fn(() => Promise.resolve(new Response(JSON.stringify(body), { status })));
  vi.stubGlobal("fetch", fetching);
  return fetching;
}

describe("a page of the trail", () => {
  it("is asked for with the token, without cookies", async () => {
    const fetching = answering(200, { items: [], next_cursor: null, has_more: false });
    await fetchPage("https://audit.example.com/", "tok", 5, "c/1", SIGNAL);
    expect(fetching).toHaveBeenCalledWith(
      "https://audit.example.com/audit-logs?limit=5&cursor=c%2F1",
      expect.objectContaining({
        credentials: "omit",
        headers: { Accept: "application/json", Authorization: "Bearer tok" },
      }),
    );
  });

  it.each([401, 403])("says that the token is over for %d", async (status) => {
    answering(status, {});
    await expect(fetchPage("", "tok", 5, null, SIGNAL)).rejects.toBeInstanceOf(TokenExpired);
  });

  it("fails for anything else", async () => {
    answering(503, {});
    await expect(fetchPage("", "tok", 5, null, SIGNAL)).rejects.toThrow("503");
  });
});

describe("words of others", () => {
  it("show what cannot be seen", () => {
    expect(plain("a\u202eb\u0000")).toBe("a⟨202e⟩b⟨0⟩");
  });

  it("read like words", () => {
    expect(inWords("DEPLOY_MODEL")).toBe("Deploy model");
  });
});
