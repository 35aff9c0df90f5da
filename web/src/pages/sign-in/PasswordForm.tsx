import { Anchor, Button, Group, PasswordInput, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { Link } from "@tanstack/react-router";

import { ApiProblem } from "../../api/client";
import { useSignIn } from "../../api/sign_in";
import { t } from "../../texts";
import { ProblemNote } from "./ProblemNote";
import { useEnter } from "./useEnter";
import { useProblem } from "./useProblem";

type Props = { next: string | undefined; onSingleSignOn: () => void };

export function PasswordForm({ next, onSingleSignOn }: Props) {
  const words = t.signIn.login;
  const form = useForm({ initialValues: { email: "", password: "" } });
  const signIn = useSignIn();
  const problem = useProblem(form);
  const enter = useEnter(next);
  const submit = form.onSubmit((values) => {
    problem.clear();
    signIn.mutate(values, {
      onSuccess: (answer) => void enter(answer),
      onError: (error) => {
        problem.show(error);
        if (!(error instanceof ApiProblem)) return;
        if (error.code === "SINGLE_SIGN_ON_REQUIRED") onSingleSignOn();
        if (error.code === "INVALID_CREDENTIALS") form.getInputNode("password")?.focus();
      },
    });
  });
  return (
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
      <PasswordInput
        mt="md"
        label={words.password}
        name="password"
        autoComplete="current-password"
        required
        withAsterisk={false}
        visibilityToggleButtonProps={{ "aria-label": t.signIn.password.show }}
        {...form.getInputProps("password")}
      />
      <Group justify="flex-end" mt={6}>
        <Anchor size="sm" renderRoot={(props: object) => <Link to="/forgot" {...props} />}>
          {words.forgot}
        </Anchor>
      </Group>
      <Button type="submit" fullWidth mt="md" loading={signIn.isPending}>
        {words.submit}
      </Button>
    </form>
  );
}
