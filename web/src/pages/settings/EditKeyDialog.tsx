import { Button, Group, Modal, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";

import { useChangeKey, type Key } from "../../api/keys";
import { notifyDone } from "../../parts/notify";
import { t } from "../../texts";
import { ProblemNote } from "../sign-in/ProblemNote";
import { useProblem } from "../sign-in/useProblem";
import { linesOf } from "./organizationValues";

type Props = { edited: Key | null; onClose: () => void };

const words = t.settings.keys.form;

/** A key's name and networks; what it may do stays as it was made. */
export function EditKeyDialog({ edited, onClose }: Props) {
  return (
    <Modal opened={edited !== null} onClose={onClose} title={words.edit(edited?.name ?? "")}>
      {edited && <EditKeyForm edited={edited} onClose={onClose} />}
    </Modal>
  );
}

function EditKeyForm({ edited, onClose }: { edited: Key; onClose: () => void }) {
  const form = useForm({
    initialValues: { name: edited.name, allow_list: edited.allow_list.join("\n") },
  });
  const change = useChangeKey();
  const problem = useProblem(form, (field) => field.split(".")[0] ?? field);
  const submit = form.onSubmit((values) => {
    problem.clear();
    change.mutate(
      { id: edited.id, name: values.name, allowList: linesOf(values.allow_list) },
      {
        onSuccess: () => {
          notifyDone(words.saved);
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
      <Textarea
        label={words.networks}
        description={words.networksHint}
        mt="md"
        autosize
        minRows={3}
        maxRows={10}
        spellCheck={false}
        classNames={{ input: "tk-mono" }}
        {...form.getInputProps("allow_list")}
      />
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          {t.settings.cancel}
        </Button>
        <Button type="submit" loading={change.isPending} disabled={!form.isDirty()}>
          {words.submitEdit}
        </Button>
      </Group>
    </form>
  );
}
