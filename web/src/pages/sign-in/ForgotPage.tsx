import { Anchor, Button, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { Link } from "@tanstack/react-router";

import { useAskReset } from "../../api/sign_in";
import { t } from "../../texts";
import { ProblemNote } from "./ProblemNote";
import { SignInCard } from "./SignInCard";
import { useProblem } from "./useProblem";

/** Asking for a mail to set a new password. The answer is the same for everybody. */
export function ForgotPage() {
  const words = t.signIn.forgot;
  const form = useForm({ initialValues: { email: "" } });
  const ask = useAskReset();
  const problem = useProblem(form);
  const back = (
    <Anchor size="sm" renderRoot={(props: object) => <Link to="/login" {...props} />}>
      {words.back}
    </Anchor>
  );
  if (ask.isSuccess) {
    return (
      <SignInCard title={words.sent} footer={back}>
        <Text role="status">{words.sentText(ask.variables.email)}</Text>
        <Text size="sm" c="dimmed" mt="md">
          {words.noMail}
        </Text>
      </SignInCard>
    );
  }
  const submit = form.onSubmit((values) => {
    problem.clear();
    ask.mutate(values, { onError: problem.show });
  });
  return (
    <SignInCard title={words.title} description={words.description} footer={back}>
      <form onSubmit={submit}>
        <ProblemNote error={problem.left} />
        <TextInput
          label={words.email}
          type="email"
          name="email"
          autoComplete="username"
          autoFocus
          required
          withAsterisk={false}
          {...form.getInputProps("email")}
        />
        <Button type="submit" fullWidth mt="md" loading={ask.isPending}>
          {words.submit}
        </Button>
      </form>
    </SignInCard>
  );
}
