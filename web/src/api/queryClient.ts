import { QueryClient } from "@tanstack/react-query";

import { ApiProblem } from "./problem";

const TRIES = 2;

/** Only what passes by itself is tried again: no answer, busy, restarting. */
function mayTryAgain(failures: number, error: Error): boolean {
  return failures < TRIES && error instanceof ApiProblem && error.isPassing && error.status !== 429;
}

function waitMs(failures: number, error: Error): number {
  const asked = error instanceof ApiProblem ? error.retryAfterSeconds : null;
  return asked === null ? 500 * 2 ** failures : Math.min(asked, 5) * 1000;
}

/**
 * The one cache of what the service said. Emptied at sign-in, sign-out and with another
 * organization.
 */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      gcTime: 5 * 60_000,
      retry: mayTryAgain,
      retryDelay: waitMs,
      refetchOnWindowFocus: false,
    },
    mutations: { retry: false },
  },
});
