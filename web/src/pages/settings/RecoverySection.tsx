import { Button, Group, Text } from "@mantine/core";
import { useState } from "react";

import { useNewRecoveryCodes, type Factors } from "../../api/factors";
import { t } from "../../texts";
import { When } from "../../time/When";
import { ConfirmDialog } from "./ConfirmDialog";
import { ProofDialog } from "./ProofDialog";
import { Section } from "./Section";
import { useProven } from "./useProven";

type Props = { factors: Factors; onCodes: (codes: string[]) => void };

export function RecoverySection({ factors, onCodes }: Props) {
  const words = t.settings.security.codes;
  const [isAsking, setAsking] = useState(false);
  const proven = useProven();
  const renew = useNewRecoveryCodes();
  const hasFactor = factors.totp_since !== null || factors.passkeys > 0;
  return (
    <Section title={words.title} description={words.description}>
      {hasFactor ? (
        <Group gap="md">
          <span>
            <Text span fw={600}>
              {words.left(factors.recovery_codes_left)}
            </Text>
            {factors.recovery_codes_made_at !== null && (
              <Text span c="dimmed" ml="sm">
                {words.made} <When at={factors.recovery_codes_made_at} kind="both" />
              </Text>
            )}
          </span>
          <Button
            variant="default"
            onClick={() => {
              setAsking(true);
            }}
          >
            {words.renew}
          </Button>
        </Group>
      ) : (
        <Text c="dimmed" size="sm">
          {words.none}
        </Text>
      )}
      <ConfirmDialog
        isOpen={isAsking}
        title={words.renew}
        text={words.renewText}
        confirm={words.renew}
        onConfirm={() =>
          proven
            .attempt(() => renew.mutateAsync())
            .then(({ recovery_codes }) => {
              onCodes(recovery_codes);
            })
        }
        onClose={() => {
          setAsking(false);
        }}
      />
      <ProofDialog {...proven.dialog} />
    </Section>
  );
}
