import { Button, Group, Modal, NumberInput, Text } from "@mantine/core";
import { useForm } from "@mantine/form";

import { useRotateKey, type IssuedKey, type Key } from "../../api/keys";
import { t } from "../../texts";
import { ProblemNote } from "../sign-in/ProblemNote";
import { useProblem } from "../sign-in/useProblem";

type Done = { onIssued: (issued: IssuedKey) => void; onClose: () => void };

const words = t.settings.keys.rotation;
const MAX_HOURS = 720;

export function RotateKeyDialog({ rotated, ...rest }: { rotated: Key | null } & Done) {
  return (
    <Modal
      opened={rotated !== null}
      onClose={rest.onClose}
      title={words.title(rotated?.name ?? "")}
    >
      {rotated && <RotateForm rotated={rotated} {...rest} />}
    </Modal>
  );
}

function RotateForm({ rotated, onIssued, onClose }: { rotated: Key } & Done) {
  const form = useForm<{ overlap_hours: number | string }>({
    initialValues: { overlap_hours: 24 },
  });
  const rotate = useRotateKey();
  const problem = useProblem(form);
  const submit = form.onSubmit(({ overlap_hours }) => {
    problem.clear();
    rotate.mutate(
      { id: rotated.id, overlapHours: Number(overlap_hours) },
      { onSuccess: onIssued, onError: problem.show },
    );
  });
  return (
    <form onSubmit={submit}>
      <ProblemNote error={problem.left} />
      <Text mb="md">{words.text}</Text>
      <NumberInput
        label={words.overlap}
        description={words.overlapHint}
        min={0}
        max={MAX_HOURS}
        allowDecimal={false}
        data-autofocus
        required
        withAsterisk={false}
        maw={240}
        {...form.getInputProps("overlap_hours")}
      />
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          {t.settings.cancel}
        </Button>
        <Button type="submit" loading={rotate.isPending}>
          {words.submit}
        </Button>
      </Group>
    </form>
  );
}
