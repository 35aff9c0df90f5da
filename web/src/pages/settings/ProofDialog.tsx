import { Button, Group, Modal, PasswordInput, Text } from "@mantine/core";
import { useForm } from "@mantine/form";

import { useProof } from "../../api/factors";
import { t } from "../../texts";
import { ProblemNote } from "../sign-in/ProblemNote";
import { useProblem } from "../sign-in/useProblem";

type Props = { isOpen: boolean; onProven: () => void; onClose: () => void };

/** Asks for the password once more: a session alone may be a thief's. */
export function ProofDialog({ isOpen, onProven, onClose }: Props) {
  return (
    <Modal opened={isOpen} onClose={onClose} title={t.settings.proof.title}>
      <ProofForm onProven={onProven} onClose={onClose} />
    </Modal>
  );
}

function ProofForm({ onProven, onClose }: Omit<Props, "isOpen">) {
  const words = t.settings.proof;
  const form = useForm({ initialValues: { current_password: "" } });
  const proof = useProof();
  const problem = useProblem(form);
  const submit = form.onSubmit(({ current_password }) => {
    problem.clear();
    proof.mutate(current_password, { onSuccess: onProven, onError: problem.show });
  });
  return (
    <form onSubmit={submit}>
      <ProblemNote error={problem.left} />
      <Text mb="md">{words.text}</Text>
      <PasswordInput
        label={words.password}
        autoComplete="current-password"
        data-autofocus
        required
        withAsterisk={false}
        visibilityToggleButtonProps={{ "aria-label": t.signIn.password.show }}
        {...form.getInputProps("current_password")}
      />
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          {t.settings.cancel}
        </Button>
        <Button type="submit" loading={proof.isPending}>
          {words.submit}
        </Button>
      </Group>
    </form>
  );
}
