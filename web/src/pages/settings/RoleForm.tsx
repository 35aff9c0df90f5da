import { Button, Group, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";

import { useChangeRole, useCreateRole, type Permission, type Role } from "../../api/roles";
import { notifyDone } from "../../parts/notify";
import { t } from "../../texts";
import { ProblemNote } from "../sign-in/ProblemNote";
import { useProblem } from "../sign-in/useProblem";
import { PermissionPicker } from "./PermissionPicker";

type Props = { role: Role | null; onClose: () => void };
type Values = { name: string; description: string; permissions: Permission[] };

const words = t.settings.roles.form;

export function RoleForm({ role, onClose }: Props) {
  const form = useForm<Values>({
    initialValues: {
      name: role?.name ?? "",
      description: role?.description ?? "",
      permissions: role?.permissions ?? [],
    },
  });
  const create = useCreateRole();
  const change = useChangeRole();
  const problem = useProblem(form);
  const submit = form.onSubmit((values) => {
    problem.clear();
    const kept = {
      onSuccess: ({ name }: Role) => {
        notifyDone(role ? words.changed(name) : words.made(name));
        onClose();
      },
      onError: problem.show,
    };
    if (role) change.mutate({ ...values, name: role.name }, kept);
    else create.mutate(values, kept);
  });
  return (
    <form onSubmit={submit}>
      <ProblemNote error={problem.left} />
      {role === null && (
        <TextInput
          label={words.name}
          description={words.nameHint}
          mb="md"
          data-autofocus
          required
          withAsterisk={false}
          maxLength={64}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          {...form.getInputProps("name")}
          onChange={(event) => {
            form.setFieldValue(
              "name",
              event.currentTarget.value.toUpperCase().replaceAll(" ", "_"),
            );
          }}
        />
      )}
      <TextInput
        label={words.description}
        mb="md"
        maxLength={500}
        {...form.getInputProps("description")}
      />
      <PermissionPicker
        label={words.permissions}
        notYours={words.notYours}
        {...form.getInputProps("permissions")}
      />
      {role !== null && role.members > 0 && (
        <Text size="sm" c="dimmed" mt="md">
          {words.holders(role.members)}
        </Text>
      )}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          {t.settings.cancel}
        </Button>
        <Button type="submit" loading={create.isPending || change.isPending}>
          {role ? words.submitEdit : words.submitAdd}
        </Button>
      </Group>
    </form>
  );
}
