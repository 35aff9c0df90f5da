import { Button, Group, Modal, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { t } from "../../texts";
import { ProblemNote } from "../sign-in/ProblemNote";

type Props = {
  title: string;
  text: string;
  confirm: string;
  /** Red where something is lost for good or somebody is kept out. */
  isDangerous?: boolean;
  isOpen: boolean;
  onConfirm: () => Promise<unknown>;
  onClose: () => void;
  children?: ReactNode;
};

/** Says what will happen before it does; where the service refuses, says why in the same place. */
export function ConfirmDialog(props: Props) {
  return (
    <Modal opened={props.isOpen} onClose={props.onClose} title={props.title}>
      <ConfirmBody {...props} />
    </Modal>
  );
}

/** Lives as long as the dialog is open, so that a refusal is forgotten with it. */
function ConfirmBody({ text, confirm, isDangerous, onConfirm, onClose, children }: Props) {
  const run = useMutation({ mutationFn: onConfirm, onSuccess: onClose });
  return (
    <>
      <ProblemNote error={run.error} />
      <Text mb="md">{text}</Text>
      {children}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose} disabled={run.isPending}>
          {t.settings.cancel}
        </Button>
        <Button
          data-autofocus
          {...(isDangerous ? { color: "red" } : {})}
          loading={run.isPending}
          onClick={() => {
            run.mutate();
          }}
        >
          {confirm}
        </Button>
      </Group>
    </>
  );
}
