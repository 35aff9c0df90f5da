import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";

import { useBlock } from "../../api/deny_list";
import { notifyDone } from "../../parts/notify";
import { t } from "../../texts";
import { NOTE_LENGTH } from "./networks";
import { ProblemNote } from "./ProblemNote";

interface Props {
  address: string;
  title: string;
  onClose: () => void;
}

/** Puts an address on the deny-list. The service refuses one's own. */
export function BlockDialog({ address, title, onClose }: Props) {
  const words = t.security.address;
  const block = useBlock();
  const [note, setNote] = useState(words.fromDetection(title).slice(0, NOTE_LENGTH));
  return (
    <Modal opened onClose={onClose} title={words.blockTitle(address)}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          block.mutate(
            { network: address, note },
            {
              onSuccess: () => {
                notifyDone(words.blocked(address));
                onClose();
              },
            },
          );
        }}
      >
        <Stack gap="md">
          <Text size="sm">{words.blockIntro}</Text>
          <TextInput
            label={words.note}
            description={words.noteHint}
            value={note}
            maxLength={NOTE_LENGTH}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <ProblemNote problem={block.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {words.cancel}
            </Button>
            <Button type="submit" color="red" loading={block.isPending}>
              {words.block}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
