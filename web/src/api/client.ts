import createClient, { type Middleware } from "openapi-fetch";

import { ApiProblem, problemOf } from "./problem";
import { queryClient } from "./queryClient";
import type { components, paths } from "./schema";

export { ApiProblem } from "./problem";

type Me = components["schemas"]["MeView"];

/** Where `/me` is kept in the cache; `me.ts` reads it, the CSRF token comes from there. */
export const ME_KEY = ["me"] as const;

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

/** The token that requests which change something need, where somebody is signed in. */
export function csrfToken(): string | null {
  return queryClient.getQueryData<Me>(ME_KEY)?.csrf_token ?? null;
}

const session: Middleware = {
  onRequest({ request }) {
    const token = SAFE.has(request.method) ? null : csrfToken();
    if (token !== null) {
      request.headers.set("X-CSRF-Token", token);
    }
    return request;
  },
};

/** The service's API, typed from its OpenAPI document. Same origin, the session's cookie. */
export const api = createClient<paths>({
  baseUrl: window.location.origin,
  credentials: "same-origin",
  headers: { Accept: "application/json" },
  // Looked up with each request, so that a test or a service worker may stand in between.
  fetch: (request) => window.fetch(request),
});
api.use(session);

type SessionOverListener = () => void;
const listeners = new Set<SessionOverListener>();

/** Calls back whenever an answer says that the session is over. Answers how to stop that. */
export function onSessionOver(listener: SessionOverListener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Tells the shell of an answer that changes who one is. */
function report(problem: ApiProblem): void {
  if (problem.isSessionOver) {
    for (const listener of listeners) {
      listener();
    }
  }
  if (problem.code === "CSRF_TOKEN_WRONG") {
    // Another tab signed in anew or changed the organization: all that is shown here is of before.
    void queryClient.invalidateQueries();
  }
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/**
 * What the service answered.
 *
 * @throws ApiProblem where it is not a success, or where no answer came (status 0). An abort stays
 *   an abort.
 */
export async function unwrap<T>(answer: Promise<Answer<T>>): Promise<T> {
  let settled: Answer<T>;
  try {
    settled = await answer;
  } catch (reason) {
    if (reason instanceof TypeError) {
      throw new ApiProblem({ status: 0, code: "NO_ANSWER", detail: reason.message });
    }
    throw reason;
  }
  if (settled.response.ok) {
    // 204 has no body: openapi-fetch types it as `undefined`, which T then is.
    return settled.data as T;
  }
  const problem = problemOf(settled.error, settled.response);
  report(problem);
  throw problem;
}
