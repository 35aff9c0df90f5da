import { Button, Group, Modal, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";

import { useRenamePasskey, type Passkey } from "../../api/factors";
import { notifyDone } from "../../parts/notify";
import { t } from "../../texts";
import { ProblemNote } from "../sign-in/ProblemNote";
import { useProblem } from "../sign-in/useProblem";

type Props = { passkey: Passkey | null; onClose: () => void };

export function RenamePasskeyDialog({ passkey, onClose }: Props) {
  return (
    <Modal opened={passkey !== null} onClose={onClose} title={t.settings.security.passkeys.rename}>
      {passkey && <RenameForm passkey={passkey} onClose={onClose} />}
    </Modal>
  );
}

function RenameForm({ passkey, onClose }: { passkey: Passkey; onClose: () => void }) {
  const words = t.settings.security.passkeys;
  const form = useForm({ initialValues: { name: passkey.name } });
  const rename = useRenamePasskey();
  const problem = useProblem(form);
  const submit = form.onSubmit(({ name }) => {
    problem.clear();
    rename.mutate(
      { id: passkey.id, name: name.trim() },
      {
        onSuccess: () => {
          notifyDone(words.renamed);
          onClose();
        },
        onError: problem.show,
      },
    );
  });
  return (
    <form onSubmit={submit}>
      <ProblemNote error={problem.left} />
      <TextInput
        label={words.name}
        data-autofocus
        required
        withAsterisk={false}
        maxLength={200}
        {...form.getInputProps("name")}
      />
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          {t.settings.cancel}
        </Button>
        <Button type="submit" loading={rename.isPending}>
          {words.rename}
        </Button>
      </Group>
    </form>
  );
}
