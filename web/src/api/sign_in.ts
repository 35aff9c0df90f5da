import { queryOptions, useMutation } from "@tanstack/react-query";

import { api, unwrap } from "./client";
import type { components } from "./schema";

export type SignIn = components["schemas"]["SignInView"];
export type Factor = components["schemas"]["Factor"];
export type OpenInvitation = components["schemas"]["OpenInvitationView"];

/** Whether nobody can sign in yet, and whether the log shows made-up activity. */
export const setupQuery = queryOptions({
  queryKey: ["setup"],
  queryFn: ({ signal }) => unwrap(api.GET("/setup", { signal })),
  staleTime: 60_000,
});

/** What an invitation's link is good for; the link is not used up by looking. */
export function invitationQuery(token: string) {
  return queryOptions({
    queryKey: ["open-invitation", token],
    queryFn: ({ signal }) => unwrap(api.POST("/invitations/read", { body: { token }, signal })),
    enabled: token !== "",
    retry: false,
    // Each look is counted by the service, so coming back to the tab is no reason for another.
    staleTime: Infinity,
  });
}

export function useSetUp() {
  return useMutation({
    mutationFn: (body: components["schemas"]["SetupBody"]) => unwrap(api.POST("/setup", { body })),
  });
}

export function useSignIn() {
  return useMutation({
    mutationFn: (body: components["schemas"]["SignInBody"]) =>
      unwrap(api.POST("/sign-in", { body })),
  });
}

export function useSecondFactor() {
  return useMutation({
    mutationFn: (body: components["schemas"]["SecondFactorBody"]) =>
      unwrap(api.POST("/sign-in/second-factor", { body })),
  });
}

export function askSecondFactorOptions(ticket: string) {
  return unwrap(api.POST("/sign-in/second-factor/options", { body: { ticket } }));
}

export function askPasskeyOptions() {
  // The route takes no fields, but wants JSON as proof that it is this page that asks.
  return unwrap(
    api.POST("/sign-in/passkey/options", { headers: { "Content-Type": "application/json" } }),
  );
}

export function signInByPasskey(body: components["schemas"]["PasskeySignInBody"]) {
  return unwrap(api.POST("/sign-in/passkey", { body }));
}

export function useAskReset() {
  return useMutation({
    mutationFn: (body: components["schemas"]["ResetBody"]) =>
      unwrap(api.POST("/password-resets", { body })),
  });
}

export function useConfirmReset() {
  return useMutation({
    mutationFn: (body: components["schemas"]["ConfirmResetBody"]) =>
      unwrap(api.POST("/password-resets/confirm", { body })),
  });
}

export function useAcceptInvitation() {
  return useMutation({
    mutationFn: (body: components["schemas"]["AcceptBody"]) =>
      unwrap(api.POST("/invitations/accept", { body })),
  });
}
