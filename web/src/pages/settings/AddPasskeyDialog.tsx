import { Button, Group, Modal, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";

import { askNewPasskeyOptions, useAddPasskey } from "../../api/factors";
import { t } from "../../texts";
import { ProblemNote } from "../sign-in/ProblemNote";
import { useProblem } from "../sign-in/useProblem";
import { createPasskey } from "../sign-in/webauthn";
import { ProofDialog } from "./ProofDialog";
import { useProven } from "./useProven";

type Done = { onClose: () => void; onDone: (recoveryCodes: string[]) => void };

export function AddPasskeyDialog({ isOpen, ...rest }: { isOpen: boolean } & Done) {
  return (
    <Modal opened={isOpen} onClose={rest.onClose} title={t.settings.security.passkeys.add}>
      <AddPasskeyForm {...rest} />
    </Modal>
  );
}

function AddPasskeyForm({ onClose, onDone }: Done) {
  const words = t.settings.security.passkeys;
  const form = useForm({ initialValues: { name: "" } });
  const problem = useProblem(form);
  const proven = useProven();
  const register = useAddPasskey();
  const add = useMutation({
    mutationFn: async (name: string) => {
      const options = await proven.attempt(askNewPasskeyOptions);
      const credential = await createPasskey(options.public_key);
      return register.mutateAsync({ ticket: options.ticket, name, credential });
    },
    onSuccess: ({ recovery_codes }) => {
      onDone(recovery_codes);
    },
    onError: problem.show,
  });
  const submit = form.onSubmit(({ name }) => {
    problem.clear();
    add.mutate(name.trim());
  });
  return (
    <>
      <form onSubmit={submit}>
        <ProblemNote error={problem.left} />
        <Text mb="md">{words.addText}</Text>
        <TextInput
          label={words.name}
          placeholder={words.namePlaceholder}
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
          <Button type="submit" loading={add.isPending}>
            {words.create}
          </Button>
        </Group>
      </form>
      <ProofDialog {...proven.dialog} />
    </>
  );
}
