import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, unwrap } from "./client";
import { meQuery } from "./me";
import type { components } from "./schema";
import { ownSessionsQuery } from "./sessions";

export type Factors = components["schemas"]["FactorsView"];
export type Passkey = components["schemas"]["PasskeyView"];
export type TotpEnrolment = components["schemas"]["TotpEnrolmentView"];
export type FactorPolicy = components["schemas"]["PolicyView"];

export const factorsQuery = queryOptions({
  queryKey: ["me", "second-factors"],
  queryFn: ({ signal }) => unwrap(api.GET("/me/second-factors", { signal })),
});

export const passkeysQuery = queryOptions({
  queryKey: ["me", "passkeys"],
  queryFn: ({ signal }) => unwrap(api.GET("/me/passkeys", { signal })),
});

export const factorPolicyQuery = queryOptions({
  queryKey: ["organization", "second-factor"],
  queryFn: ({ signal }) => unwrap(api.GET("/organization/second-factor", { signal })),
});

/** What a changed factor may have changed elsewhere: `must_enroll`, and the other sessions. */
function useRenewed() {
  const client = useQueryClient();
  return async () => {
    await Promise.all([
      client.invalidateQueries({ queryKey: factorsQuery.queryKey }),
      client.invalidateQueries({ queryKey: passkeysQuery.queryKey }),
      client.invalidateQueries({ queryKey: ownSessionsQuery.queryKey }),
      client.invalidateQueries({ queryKey: meQuery.queryKey, exact: true }),
    ]);
  };
}

export function useProof() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (password: string) =>
      unwrap(api.POST("/me/proof", { body: { current_password: password } })),
    onSuccess: () => client.invalidateQueries({ queryKey: factorsQuery.queryKey }),
  });
}

export function useStartTotp() {
  return useMutation({ mutationFn: () => unwrap(api.POST("/me/totp", { body: {} })) });
}

export function useConfirmTotp() {
  const renewed = useRenewed();
  return useMutation({
    mutationFn: (code: string) => unwrap(api.POST("/me/totp/confirm", { body: { code } })),
    onSuccess: renewed,
  });
}

export function useRemoveTotp() {
  const renewed = useRenewed();
  return useMutation({
    mutationFn: () => unwrap(api.DELETE("/me/totp")),
    onSuccess: renewed,
  });
}

export function useNewRecoveryCodes() {
  const renewed = useRenewed();
  return useMutation({
    mutationFn: () => unwrap(api.POST("/me/recovery-codes", { body: {} })),
    onSuccess: renewed,
  });
}

export function askNewPasskeyOptions() {
  return unwrap(api.POST("/me/passkeys/options", { body: {} }));
}

export function useAddPasskey() {
  const renewed = useRenewed();
  return useMutation({
    mutationFn: (body: components["schemas"]["NewPasskeyBody"]) =>
      unwrap(api.POST("/me/passkeys", { body })),
    onSuccess: renewed,
  });
}

export function useRenamePasskey() {
  const renewed = useRenewed();
  return useMutation({
    mutationFn: ({ id, name }: { id: string; name: string }) =>
      unwrap(
        api.PATCH("/me/passkeys/{passkey_id}", {
          params: { path: { passkey_id: id } },
          body: { name },
        }),
      ),
    onSuccess: renewed,
  });
}

export function useRemovePasskey() {
  const renewed = useRenewed();
  return useMutation({
    mutationFn: (id: string) =>
      unwrap(api.DELETE("/me/passkeys/{passkey_id}", { params: { path: { passkey_id: id } } })),
    onSuccess: renewed,
  });
}

export function useSetFactorPolicy() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: components["schemas"]["PolicyBody"]) =>
      unwrap(api.PUT("/organization/second-factor", { body })),
    onSuccess: async (policy) => {
      client.setQueryData(factorPolicyQuery.queryKey, policy);
      await client.invalidateQueries({ queryKey: meQuery.queryKey, exact: true });
    },
  });
}
