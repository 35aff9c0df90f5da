import { Badge, Button, Group } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";

import { useRemoveTotp, useStartTotp, type Factors, type TotpEnrolment } from "../../api/factors";
import { notifyDone } from "../../parts/notify";
import { t } from "../../texts";
import { When } from "../../time/When";
import { ProblemNote } from "../sign-in/ProblemNote";
import { ConfirmDialog } from "./ConfirmDialog";
import { ProofDialog } from "./ProofDialog";
import { Section } from "./Section";
import { TotpDialog } from "./TotpDialog";
import { useProven } from "./useProven";

type Props = { factors: Factors; onCodes: (codes: string[]) => void };

/** The authenticator app: set up, or removed. */
export function TotpSection({ factors, onCodes }: Props) {
  const words = t.settings.security.totp;
  const [enrolment, setEnrolment] = useState<TotpEnrolment | null>(null);
  const [isRemoving, setRemoving] = useState(false);
  const proven = useProven();
  const begin = useStartTotp();
  const remove = useRemoveTotp();
  const start = useMutation({
    mutationFn: () => proven.attempt(() => begin.mutateAsync()),
    onSuccess: setEnrolment,
  });
  const isOn = factors.totp_since !== null;
  return (
    <Section
      title={words.title}
      description={words.description}
      actions={
        <Badge tt="none" variant="dot" color={isOn ? "green" : "gray"}>
          {isOn ? t.settings.security.factors.on : t.settings.security.factors.off}
        </Badge>
      }
    >
      <ProblemNote error={start.error} />
      <Group gap="md">
        {isOn ? (
          <>
            <span>
              {words.since} <When at={factors.totp_since} kind="both" />
            </span>
            <Button
              variant="default"
              onClick={() => {
                setRemoving(true);
              }}
            >
              {words.remove}
            </Button>
          </>
        ) : (
          // Not disabled meanwhile: the dialogs that it opens give the focus back to it.
          <Button
            aria-busy={start.isPending || undefined}
            onClick={() => {
              if (!start.isPending) start.mutate();
            }}
          >
            {words.start}
          </Button>
        )}
      </Group>
      <TotpDialog
        enrolment={enrolment}
        onClose={() => {
          setEnrolment(null);
        }}
        onDone={(codes) => {
          setEnrolment(null);
          notifyDone(words.done);
          onCodes(codes);
        }}
      />
      <ConfirmDialog
        isOpen={isRemoving}
        isDangerous
        title={words.remove}
        text={words.removeText}
        confirm={words.remove}
        onConfirm={() =>
          proven
            .attempt(() => remove.mutateAsync())
            .then(() => {
              notifyDone(words.removed);
            })
        }
        onClose={() => {
          setRemoving(false);
        }}
      />
      <ProofDialog {...proven.dialog} />
    </Section>
  );
}
