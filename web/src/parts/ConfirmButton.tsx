import { Button, Group, Modal, Text, type ButtonProps } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useState, type ReactNode } from "react";

import { t } from "../texts";
import { ErrorState } from "./ErrorState";

export interface ConfirmButtonProps {
  /** On the button that asks. */
  label: string;
  /** The question. */
  title: string;
  /** What will happen, and whether it can be undone. */
  text: ReactNode;
  /** On the button that does it: the deed, not "OK". */
  confirmLabel: string;
  /** A rejection is shown in the dialog, which then stays. */
  onConfirm: () => unknown;
  isDanger?: boolean;
  icon?: ReactNode;
  size?: ButtonProps["size"];
  variant?: ButtonProps["variant"];
  isDisabled?: boolean;
  /** Fields that belong to the deed, in the dialog. */
  children?: ReactNode;
}

/** A button that asks before it does something that hurts. */
export function ConfirmButton(props: ConfirmButtonProps) {
  const { label, title, text, confirmLabel, onConfirm, isDanger = true, children } = props;
  const [isOpen, dialog] = useDisclosure(false);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);

  async function confirm(): Promise<void> {
    setBusy(true);
    setProblem(null);
    try {
      await onConfirm();
      dialog.close();
    } catch (reason) {
      setProblem(reason);
    } finally {
      setBusy(false);
    }
  }

  function open(): void {
    setProblem(null);
    dialog.open();
  }

  return (
    <>
      <Button
        size={props.size ?? "xs"}
        variant={props.variant ?? "default"}
        leftSection={props.icon}
        disabled={props.isDisabled}
        onClick={open}
      >
        {label}
      </Button>
      <Modal opened={isOpen} onClose={dialog.close} title={title}>
        <Text size="sm" component="div">
          {text}
        </Text>
        {children}
        {problem !== null && <ErrorState problem={problem} isCompact />}
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={dialog.close} data-autofocus={isDanger || undefined}>
            {t.parts.cancel}
          </Button>
          <Button
            color={isDanger ? "red" : undefined}
            loading={isBusy}
            onClick={() => void confirm()}
          >
            {confirmLabel}
          </Button>
        </Group>
      </Modal>
    </>
  );
}
