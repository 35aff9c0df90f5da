import { Button, Group, Table, Text } from "@mantine/core";
import { useState } from "react";

import { useRemovePasskey, type Passkey } from "../../api/factors";
import { Plain } from "../../parts/Plain";
import { notifyDone } from "../../parts/notify";
import { t } from "../../texts";
import { When } from "../../time/When";
import { ConfirmDialog } from "./ConfirmDialog";
import { ProofDialog } from "./ProofDialog";
import { RenamePasskeyDialog } from "./RenamePasskeyDialog";
import { useProven } from "./useProven";
import { WideTable } from "./WideTable";

export function PasskeyTable({ passkeys }: { passkeys: Passkey[] }) {
  const words = t.settings.security.passkeys;
  const [renamed, setRenamed] = useState<Passkey | null>(null);
  const [removed, setRemoved] = useState<Passkey | null>(null);
  const proven = useProven();
  const remove = useRemovePasskey();
  return (
    <>
      <WideTable label={words.list} minWidth={560}>
        <Table aria-label={words.list} verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{words.name}</Table.Th>
              <Table.Th>{words.added_at}</Table.Th>
              <Table.Th>{words.used}</Table.Th>
              <Table.Th>
                <span className="tk-visually-hidden">{t.settings.actions}</span>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {passkeys.map((passkey) => (
              <Table.Tr key={passkey.id}>
                <Table.Td>
                  <Plain text={passkey.name} />
                  <Text size="xs" c="dimmed">
                    {passkey.is_backed_up ? words.copied : words.one}
                  </Text>
                </Table.Td>
                <Table.Td>
                  <When at={passkey.created_at} kind="relative" />
                </Table.Td>
                <Table.Td>
                  <When at={passkey.last_used_at} kind="relative" none={t.settings.never} />
                </Table.Td>
                <Table.Td>
                  <Group gap="xs" justify="flex-end" wrap="nowrap">
                    <Button
                      size="xs"
                      variant="default"
                      onClick={() => {
                        setRenamed(passkey);
                      }}
                    >
                      {words.rename}
                    </Button>
                    <Button
                      size="xs"
                      variant="default"
                      onClick={() => {
                        setRemoved(passkey);
                      }}
                    >
                      {words.remove}
                    </Button>
                  </Group>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
      <RenamePasskeyDialog
        passkey={renamed}
        onClose={() => {
          setRenamed(null);
        }}
      />
      <ConfirmDialog
        isOpen={removed !== null}
        isDangerous
        title={words.removeTitle(removed?.name ?? "")}
        text={words.removeText}
        confirm={words.remove}
        onConfirm={() =>
          proven
            .attempt(() => remove.mutateAsync(removed?.id ?? ""))
            .then(() => {
              notifyDone(words.removed);
            })
        }
        onClose={() => {
          setRemoved(null);
        }}
      />
      <ProofDialog {...proven.dialog} />
    </>
  );
}
