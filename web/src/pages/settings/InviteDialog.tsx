import { Button, Group, Modal, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";

import { useInvite } from "../../api/people";
import { notifyDone } from "../../parts/notify";
import { t } from "../../texts";
import { ProblemNote } from "../sign-in/ProblemNote";
import { useProblem } from "../sign-in/useProblem";
import { RoleSelect } from "./RoleSelect";

const words = t.settings.members.inviteDialog;

export function InviteDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Modal opened={isOpen} onClose={onClose} title={words.title}>
      <InviteForm onClose={onClose} />
    </Modal>
  );
}

function InviteForm({ onClose }: { onClose: () => void }) {
  const form = useForm({ initialValues: { email: "", name: "", role: "", user_id: "" } });
  const invite = useInvite();
  const problem = useProblem(form);
  const submit = form.onSubmit(({ user_id, ...values }) => {
    problem.clear();
    invite.mutate(
      { ...values, user_id: user_id.trim() || null },
      {
        onSuccess: ({ email }) => {
          notifyDone(words.done(email));
          onClose();
        },
        onError: problem.show,
      },
    );
  });
  const input = { required: true, withAsterisk: false } as const;
  return (
    <form onSubmit={submit}>
      <ProblemNote error={problem.left} />
      <TextInput
        {...input}
        label={words.email}
        type="email"
        autoComplete="off"
        data-autofocus
        {...form.getInputProps("email")}
      />
      <TextInput
        {...input}
        mt="md"
        label={words.name}
        autoComplete="off"
        maxLength={200}
        {...form.getInputProps("name")}
      />
      <RoleSelect mt="md" label={words.role} {...form.getInputProps("role")} />
      <TextInput
        mt="md"
        label={words.userId}
        description={words.userIdHint}
        autoComplete="off"
        spellCheck={false}
        maxLength={500}
        {...form.getInputProps("user_id")}
      />
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          {t.settings.cancel}
        </Button>
        <Button type="submit" loading={invite.isPending}>
          {words.submit}
        </Button>
      </Group>
    </form>
  );
}
