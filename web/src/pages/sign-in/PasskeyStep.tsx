import { Button, Text } from "@mantine/core";
import { IconFingerprint } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";

import { askSecondFactorOptions, useSecondFactor } from "../../api/sign_in";
import { t } from "../../texts";
import { ProblemNote } from "./ProblemNote";
import { useEnter } from "./useEnter";
import { PasskeyRefused, passkeyObstacle, showPasskey } from "./webauthn";

/** A passkey as the second factor. */
export function PasskeyStep({ ticket, next }: { ticket: string; next: string | undefined }) {
  const words = t.signIn.secondFactor;
  const show = useSecondFactor();
  const enter = useEnter(next);
  const step = useMutation({
    mutationFn: async () => {
      const obstacle = passkeyObstacle();
      if (obstacle) throw new PasskeyRefused(obstacle);
      const options = await askSecondFactorOptions(ticket);
      const credential = await showPasskey(options.public_key);
      return show.mutateAsync({ ticket: options.ticket, method: "passkey", credential });
    },
    onSuccess: enter,
  });
  return (
    <>
      <ProblemNote error={step.error} />
      <Text c="dimmed" size="sm" mb="md">
        {words.passkeyHint}
      </Text>
      <Button
        fullWidth
        autoFocus
        leftSection={<IconFingerprint size={18} aria-hidden />}
        loading={step.isPending}
        onClick={() => {
          step.mutate();
        }}
      >
        {words.usePasskey}
      </Button>
    </>
  );
}
