import { Button, Group, Modal, Select, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";

import { useCreateKey, type IssuedKey } from "../../api/keys";
import type { Permission } from "../../api/roles";
import { t } from "../../texts";
import { ProblemNote } from "../sign-in/ProblemNote";
import { useProblem } from "../sign-in/useProblem";
import { linesOf } from "./organizationValues";
import { PermissionPicker } from "./PermissionPicker";

type Done = { onIssued: (issued: IssuedKey) => void; onClose: () => void };
type Values = { name: string; permissions: Permission[]; expires_at: string; allow_list: string };

const words = t.settings.keys.form;
const DAY_MS = 24 * 3600 * 1000;

/** A key to be made, which may do no more than whoever makes it. */
export function KeyDialog({ isOpen, ...rest }: { isOpen: boolean } & Done) {
  return (
    <Modal opened={isOpen} onClose={rest.onClose} title={words.add} size="lg">
      <NewKeyForm {...rest} />
    </Modal>
  );
}

function NewKeyForm({ onIssued, onClose }: Done) {
  const form = useForm<Values>({
    initialValues: { name: "", permissions: [], expires_at: "90", allow_list: "" },
    validate: { permissions: (chosen) => (chosen.length === 0 ? words.needPermission : null) },
  });
  const create = useCreateKey();
  const problem = useProblem(form, rootOf);
  const submit = form.onSubmit((values) => {
    problem.clear();
    create.mutate(
      {
        name: values.name,
        permissions: values.permissions,
        expires_at: momentIn(values.expires_at),
        allow_list: linesOf(values.allow_list),
      },
      { onSuccess: onIssued, onError: problem.show },
    );
  });
  return (
    <form onSubmit={submit}>
      <ProblemNote error={problem.left} />
      <TextInput
        label={words.name}
        placeholder={words.namePlaceholder}
        data-autofocus
        required
        withAsterisk={false}
        maxLength={200}
        autoComplete="off"
        mb="md"
        {...form.getInputProps("name")}
      />
      <PermissionPicker
        label={words.permissions}
        notYours={words.notYours}
        {...form.getInputProps("permissions")}
      />
      <Select
        label={words.expires}
        mt="md"
        maw={240}
        allowDeselect={false}
        data={Object.entries(words.expiries).map(([value, label]) => ({ value, label }))}
        {...form.getInputProps("expires_at")}
      />
      <Textarea
        label={words.networks}
        description={words.networksHint}
        mt="md"
        autosize
        minRows={2}
        maxRows={8}
        spellCheck={false}
        classNames={{ input: "tk-mono" }}
        {...form.getInputProps("allow_list")}
      />
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          {t.settings.cancel}
        </Button>
        <Button type="submit" loading={create.isPending}>
          {words.submitAdd}
        </Button>
      </Group>
    </form>
  );
}

/** The service names the line at fault; all lines share a box. */
function rootOf(field: string): string {
  return field.split(".")[0] ?? field;
}

function momentIn(days: string): string | null {
  return days === "never" ? null : new Date(Date.now() + Number(days) * DAY_MS).toISOString();
}
