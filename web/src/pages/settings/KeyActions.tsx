import { Button, Group, Text } from "@mantine/core";
import { useState } from "react";

import { useRevokeKey, type IssuedKey, type Key } from "../../api/keys";
import { notifyDone } from "../../parts/notify";
import { t } from "../../texts";
import { When } from "../../time/When";
import { ConfirmDialog } from "./ConfirmDialog";
import { EditKeyDialog } from "./EditKeyDialog";
import { RotateKeyDialog } from "./RotateKeyDialog";

type Props = { shown: Key; onIssued: (issued: IssuedKey) => void };

const words = t.settings.keys;

/** Rotate, change and revoke. A key is rotated once: then its successor is. */
export function KeyActions({ shown: key, onIssued }: Props) {
  const [open, setOpen] = useState<"rotate" | "edit" | "revoke" | null>(null);
  const revoke = useRevokeKey();
  const close = () => {
    setOpen(null);
  };
  const button = (action: typeof open, label: string) => (
    <Button
      size="xs"
      variant="default"
      aria-label={`${label}: ${key.name}`}
      onClick={() => {
        setOpen(action);
      }}
    >
      {label}
    </Button>
  );
  return (
    <Group gap="xs">
      {key.replaced_by === null && button("rotate", words.rotate)}
      {button("edit", words.edit)}
      {button("revoke", words.revoke)}
      <RotateKeyDialog
        rotated={open === "rotate" ? key : null}
        onClose={close}
        onIssued={(issued) => {
          close();
          onIssued(issued);
        }}
      />
      <EditKeyDialog edited={open === "edit" ? key : null} onClose={close} />
      <ConfirmDialog
        isOpen={open === "revoke"}
        isDangerous
        title={words.revokeTitle(key.name)}
        text={words.revokeText}
        confirm={words.revoke}
        onConfirm={() =>
          revoke.mutateAsync(key.id).then(() => {
            notifyDone(words.revoked(key.name));
          })
        }
        onClose={close}
      >
        <Text size="sm" c="dimmed">
          {words.used}: <When at={key.last_used_at} kind="both" none={words.neverUsed} />
        </Text>
      </ConfirmDialog>
    </Group>
  );
}
