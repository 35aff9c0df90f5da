import { Button, Checkbox, Code, Group, List, Modal, Text } from "@mantine/core";
import { useState } from "react";

import { useMay } from "../../api/me";
import { useDeleteUser, usePeopleChanged, type DeletedUser, type Member } from "../../api/people";
import { notifyDone } from "../../parts/notify";
import { Plain } from "../../parts/Plain";
import { t } from "../../texts";
import { ProblemNote } from "../sign-in/ProblemNote";

type Props = { member: Member; isOpen: boolean; onClose: () => void };

const words = t.settings.members.deleteDialog;

/** Deletes a member; where keys of theirs go on working, says which before it closes. */
export function DeleteMemberDialog({ member, isOpen, onClose }: Props) {
  const name = member.name ?? member.user_id;
  const [isGone, setGone] = useState(false);
  const changed = usePeopleChanged();
  const close = () => {
    onClose();
    // Not before: the member's row goes with it, and this dialog with the row.
    if (isGone) void changed();
  };
  const finish = (hasMore: boolean) => {
    if (hasMore) {
      setGone(true);
    } else {
      onClose();
      void changed();
    }
  };
  return (
    <Modal opened={isOpen} onClose={close} title={words.title(name)}>
      <DeleteBody member={member} name={name} onGone={finish} onClose={close} />
    </Modal>
  );
}

type BodyProps = {
  member: Member;
  name: string;
  /** Whether the dialog has something to say yet. */
  onGone: (hasMore: boolean) => void;
  onClose: () => void;
};

function DeleteBody({ member, name, onGone, onClose }: BodyProps) {
  const [revokesKeys, setRevokesKeys] = useState(false);
  const mayRevoke = useMay("key:manage");
  const remove = useDeleteUser();
  const submit = () => {
    remove.mutate(
      { userId: member.user_id, revokesKeys },
      {
        onSuccess: (gone) => {
          notifyDone(words.done(name));
          onGone(keysLeft(gone).length > 0);
        },
      },
    );
  };
  if (remove.isSuccess) return <KeysLeft gone={remove.data} onClose={onClose} />;
  return (
    <>
      <ProblemNote error={remove.error} />
      <Text mb="md">{words.text}</Text>
      {mayRevoke && (
        <Checkbox
          label={words.keys}
          description={words.keysHint}
          checked={revokesKeys}
          onChange={(event) => {
            setRevokesKeys(event.currentTarget.checked);
          }}
        />
      )}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose} disabled={remove.isPending}>
          {t.settings.cancel}
        </Button>
        <Button color="red" data-autofocus loading={remove.isPending} onClick={submit}>
          {words.submit}
        </Button>
      </Group>
    </>
  );
}

function KeysLeft({ gone, onClose }: { gone: DeletedUser; onClose: () => void }) {
  return (
    <>
      <Text fw={600}>{words.left}</Text>
      <Text mb="sm">{words.leftText}</Text>
      <List mb="lg">
        {keysLeft(gone).map((key) => (
          <List.Item key={key.id}>
            <Plain text={key.name} /> <Code>{key.prefix}</Code>
          </List.Item>
        ))}
      </List>
      <Group justify="flex-end">
        <Button onClick={onClose}>{t.settings.done}</Button>
      </Group>
    </>
  );
}

function keysLeft(gone: DeletedUser) {
  return gone.keys.filter((key) => !key.is_revoked);
}
