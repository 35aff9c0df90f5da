import { Button, Code, Group, Modal, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";

import { useConfirmTotp, type TotpEnrolment } from "../../api/factors";
import { CopyButton } from "../../parts/CopyButton";
import { t } from "../../texts";
import { When } from "../../time/When";
import { ProblemNote } from "../sign-in/ProblemNote";
import { useProblem } from "../sign-in/useProblem";
import classes from "./TotpDialog.module.css";

type Props = {
  enrolment: TotpEnrolment | null;
  onClose: () => void;
  onDone: (recoveryCodes: string[]) => void;
};

/** The app's secret, to scan or to type, and its first code. Nothing changes before that. */
export function TotpDialog({ enrolment, onClose, onDone }: Props) {
  return (
    <Modal
      opened={enrolment !== null}
      onClose={onClose}
      title={t.settings.security.totp.start}
      closeOnClickOutside={false}
    >
      {enrolment && <TotpForm enrolment={enrolment} onClose={onClose} onDone={onDone} />}
    </Modal>
  );
}

function TotpForm({ enrolment, onClose, onDone }: Props & { enrolment: TotpEnrolment }) {
  const words = t.settings.security.totp;
  const form = useForm({ initialValues: { code: "" } });
  const confirm = useConfirmTotp();
  const problem = useProblem(form);
  const submit = form.onSubmit(({ code }) => {
    problem.clear();
    confirm.mutate(code.replaceAll(" ", ""), {
      onSuccess: ({ recovery_codes }) => {
        onDone(recovery_codes);
      },
      onError: problem.show,
    });
  });
  return (
    <form onSubmit={submit}>
      <ProblemNote error={problem.left} />
      <Text mb="sm">{words.scan}</Text>
      {/* As an image, an SVG runs no script and loads nothing, whatever stands in it. */}
      <img
        className={classes.code}
        src={enrolment.qr_svg.startsWith("data:image/svg+xml") ? enrolment.qr_svg : ""}
        alt={words.alt}
        width={200}
        height={200}
      />
      <Text size="sm" mt="md">
        {words.type}
      </Text>
      <Group gap="xs" mt={4} wrap="nowrap">
        <Code className={classes.secret}>{enrolment.secret.match(/.{1,4}/g)?.join(" ")}</Code>
        <CopyButton value={enrolment.secret} label={words.copySecret} />
      </Group>
      <TextInput
        mt="md"
        label={words.code}
        inputMode="numeric"
        autoComplete="one-time-code"
        data-autofocus
        required
        withAsterisk={false}
        {...form.getInputProps("code")}
      />
      <Text size="sm" c="dimmed" mt={6}>
        {words.expires} <When at={enrolment.expires_at} kind="absolute" />
      </Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          {t.settings.cancel}
        </Button>
        <Button type="submit" loading={confirm.isPending}>
          {words.confirm}
        </Button>
      </Group>
    </form>
  );
}
