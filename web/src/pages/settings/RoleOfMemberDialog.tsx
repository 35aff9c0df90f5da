import { Button, Group, Modal, Text } from "@mantine/core";
import { useForm } from "@mantine/form";

import { useChangeUser, type Member } from "../../api/people";
import { notifyDone } from "../../parts/notify";
import { t } from "../../texts";
import { ProblemNote } from "../sign-in/ProblemNote";
import { useProblem } from "../sign-in/useProblem";
import { RoleSelect } from "./RoleSelect";

type Props = { member: Member; isOpen: boolean; onClose: () => void };

const words = t.settings.members.roleDialog;

export function RoleOfMemberDialog({ member, isOpen, onClose }: Props) {
  const name = member.name ?? member.user_id;
  return (
    <Modal opened={isOpen} onClose={onClose} title={words.title(name)}>
      <RoleForm member={member} name={name} onClose={onClose} />
    </Modal>
  );
}

function RoleForm({ member, name, onClose }: Omit<Props, "isOpen"> & { name: string }) {
  const form = useForm({ initialValues: { role: member.role ?? "" } });
  const change = useChangeUser();
  const problem = useProblem(form);
  const submit = form.onSubmit(({ role }) => {
    problem.clear();
    change.mutate(
      { userId: member.user_id, changes: { role } },
      {
        onSuccess: () => {
          notifyDone(words.done(name, role));
          onClose();
        },
        onError: problem.show,
      },
    );
  });
  return (
    <form onSubmit={submit}>
      <ProblemNote error={problem.left} />
      <RoleSelect label={words.role} data-autofocus {...form.getInputProps("role")} />
      <Text size="sm" c="dimmed" mt="md">
        {member.role && `${words.from(member.role)} `}
        {words.note}
      </Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          {t.settings.cancel}
        </Button>
        <Button type="submit" loading={change.isPending} disabled={!form.isDirty()}>
          {words.submit}
        </Button>
      </Group>
    </form>
  );
}
