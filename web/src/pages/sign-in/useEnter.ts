import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";

import { meQuery } from "../../api/me";
import type { Factor, SignIn } from "../../api/sign_in";

/** A sign-in that waits for its second factor. The ticket is good for ten minutes. */
export type PendingSignIn = { ticket: string; methods: Factor[] };

declare module "@tanstack/react-router" {
  interface HistoryState {
    /** Beside the address rather than in it: a ticket is half a sign-in, and links get shared. */
    pendingSignIn?: PendingSignIn;
    /** The password was just set by mail: the sign-in page says so. */
    isPasswordReset?: boolean;
  }
}

/** What follows an answer to any sign-in: the second factor, or the page that was wanted. */
export function useEnter(next: string | undefined) {
  const client = useQueryClient();
  const router = useRouter();
  return async (answer: SignIn): Promise<void> => {
    if (answer.status === "second_factor_needed") {
      const pendingSignIn = { ticket: answer.ticket ?? "", methods: answer.methods ?? [] };
      await router.navigate({
        to: "/login/2fa",
        search: { next },
        state: (before) => ({ ...before, pendingSignIn }),
        replace: true,
      });
      return;
    }
    // What was shown before belongs to whoever was signed in before.
    client.clear();
    if (answer.me) client.setQueryData(meQuery.queryKey, answer.me);
    router.history.replace(next ?? "/");
  };
}
