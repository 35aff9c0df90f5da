import { Button } from "@mantine/core";
import { IconFingerprint } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";

import { askPasskeyOptions, signInByPasskey } from "../../api/sign_in";
import { t } from "../../texts";
import { ProblemNote } from "./ProblemNote";
import { useEnter } from "./useEnter";
import { PasskeyRefused, passkeyObstacle, showPasskey } from "./webauthn";

/** Signing in with a passkey alone: the device knows whose it is. */
export function PasskeyButton({ next }: { next: string | undefined }) {
  const enter = useEnter(next);
  const signIn = useMutation({
    mutationFn: async () => {
      const obstacle = passkeyObstacle();
      if (obstacle) throw new PasskeyRefused(obstacle);
      const options = await askPasskeyOptions();
      const credential = await showPasskey(options.public_key);
      return signInByPasskey({ ticket: options.ticket, credential });
    },
    onSuccess: enter,
  });
  return (
    <>
      <ProblemNote error={signIn.error} />
      <Button
        variant="default"
        fullWidth
        leftSection={<IconFingerprint size={18} aria-hidden />}
        loading={signIn.isPending}
        onClick={() => {
          signIn.mutate();
        }}
      >
        {t.signIn.login.passkey}
      </Button>
    </>
  );
}
