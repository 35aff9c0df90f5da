import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";

import { useSaveAllowList, type AllowedNetwork } from "../../api/allow_list";
import { notifyDone } from "../../parts/notify";
import { t } from "../../texts";
import { NOTE_LENGTH } from "./networks";
import { ProblemNote } from "./ProblemNote";

interface Props {
  address: string;
  title: string;
  entries: AllowedNetwork[];
  onClose: () => void;
}

/** Adds an address to the allow-list that is there; so nobody who is let in is locked out. */
export function AllowDialog({ address, title, entries, onClose }: Props) {
  const words = t.security.address;
  const save = useSaveAllowList();
  const [note, setNote] = useState(words.fromDetection(title).slice(0, NOTE_LENGTH));
  return (
    <Modal opened onClose={onClose} title={words.allowTitle(address)}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(
            { entries: [...entries, { network: address, note }], locksOut: false },
            {
              onSuccess: () => {
                notifyDone(words.allowed(address));
                onClose();
              },
            },
          );
        }}
      >
        <Stack gap="md">
          <Text size="sm">{words.allowIntro}</Text>
          <TextInput
            label={words.note}
            description={words.noteHint}
            value={note}
            maxLength={NOTE_LENGTH}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <ProblemNote problem={save.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {words.cancel}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {words.allow}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
