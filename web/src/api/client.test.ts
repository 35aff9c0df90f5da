import { beforeEach, describe, expect, it, vi } from "vitest";

import { api, ApiProblem, ME_KEY, onSessionOver, unwrap } from "./client";
import { queryClient } from "./queryClient";

const sent: Request[] = [];

function answerWith(status: number, body: string | null, headers: Record<string, string> = {}) {
  vi.spyOn(window, "fetch").mockImplementation((request) => {
    sent.push(request as Request);
    return Promise.resolve(new Response(body, { status, headers }));
  });
}

async function problemFrom(answer: Promise<unknown>): Promise<ApiProblem> {
  const problem: unknown = await answer.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(problem instanceof ApiProblem)) {
    throw new Error("It did not fail with a problem.");
  }
  return problem;
}

const JSON_TYPE = { "Content-Type": "application/json" };
const PROBLEM = JSON.stringify({
  type: "urn:trailkeeper:problem:invalid-query",
  title: "The request cannot be understood",
  status: 400,
  code: "INVALID_QUERY",
  detail: "A value is missing.",
  hint: 'To ask for an absent one write "".',
  field: "q",
  position: 7,
  expected: ["a value"],
});

beforeEach(() => {
  sent.length = 0;
  queryClient.clear();
});

describe("requests", () => {
  it("ask for JSON, and carry the CSRF token only where something changes", async () => {
    answerWith(200, "{}", JSON_TYPE);
    queryClient.setQueryData(ME_KEY, { csrf_token: "t-1" });
    await api.GET("/me");
    await api.POST("/sign-out");
    expect(sent.map((request) => request.headers.get("Accept"))).toEqual([
      "application/json",
      "application/json",
    ]);
    expect(sent.map((request) => request.headers.get("X-CSRF-Token"))).toEqual([null, "t-1"]);
  });

  it("write lists as repeated parameters, and ids as one segment", async () => {
    answerWith(200, "{}", JSON_TYPE);
    await api.GET("/audit-logs", { params: { query: { action: ["UPDATE", "DELETE"] } } });
    await api.GET("/users/{user_id}", { params: { path: { user_id: "a/b?c" } } });
    expect(sent[0]?.url).toMatch(/\/audit-logs\?action=UPDATE&action=DELETE$/);
    expect(sent[1]?.url).toMatch(/\/users\/a%2Fb%3Fc$/);
  });
});

describe("unwrap", () => {
  it("answers with the data, also where there is none", async () => {
    answerWith(200, '{"kind":"person"}', JSON_TYPE);
    expect(await unwrap(api.GET("/me"))).toEqual({ kind: "person" });
    answerWith(204, null);
    await expect(unwrap(api.POST("/sign-out"))).resolves.toBeUndefined();
  });

  it("throws the service's problem", async () => {
    answerWith(400, PROBLEM, {
      "Content-Type": "application/problem+json",
      "X-Request-ID": "r-1",
      "Retry-After": "7",
    });
    const problem = await problemFrom(unwrap(api.GET("/me")));
    expect(problem).toMatchObject({
      status: 400,
      code: "INVALID_QUERY",
      field: "q",
      position: 7,
      expected: ["a value"],
      errors: [{ field: "q", detail: "A value is missing." }],
      request_id: "r-1",
      retryAfterSeconds: 7,
      isSessionOver: false,
    });
  });

  it("knows an answer that is not the service's", async () => {
    answerWith(502, "<html>Bad gateway</html>", { "Content-Type": "text/html" });
    const problem = await problemFrom(unwrap(api.GET("/me")));
    expect(problem).toMatchObject({ status: 502, code: "NOT_UNDERSTOOD", errors: [] });
  });

  it("knows that no answer came", async () => {
    vi.spyOn(window, "fetch").mockRejectedValue(new TypeError("Failed to fetch"));
    const problem = await problemFrom(unwrap(api.GET("/me")));
    expect(problem).toMatchObject({ status: 0, code: "NO_ANSWER", isPassing: true });
  });

  it("leaves an abort an abort", async () => {
    const abort = new DOMException("Gone", "AbortError");
    vi.spyOn(window, "fetch").mockRejectedValue(abort);
    await expect(unwrap(api.GET("/me"))).rejects.toBe(abort);
  });

  it("tells of a session that is over, and of nothing else", async () => {
    const heard = vi.fn();
    const stop = onSessionOver(heard);
    const wrong = { status: 401, code: "INVALID_CREDENTIALS", detail: "No." };
    answerWith(401, JSON.stringify(wrong), JSON_TYPE);
    await problemFrom(unwrap(api.GET("/me")));
    expect(heard).not.toHaveBeenCalled();
    answerWith(401, JSON.stringify({ ...wrong, code: "SESSION_EXPIRED" }), JSON_TYPE);
    await problemFrom(unwrap(api.GET("/me")));
    expect(heard).toHaveBeenCalledTimes(1);
    stop();
    await problemFrom(unwrap(api.GET("/me")));
    expect(heard).toHaveBeenCalledTimes(1);
  });
});
