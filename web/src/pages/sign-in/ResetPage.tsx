import { Anchor, Button, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { Link, useLocation, useNavigate } from "@tanstack/react-router";

import { useConfirmReset } from "../../api/sign_in";
import { t } from "../../texts";
import { NewPasswordInput } from "./NewPasswordInput";
import { ProblemNote } from "./ProblemNote";
import { SignInCard } from "./SignInCard";
import { useProblem } from "./useProblem";

/** Setting a new password with the mailed link, whose token stands behind the `#`. */
export function ResetPage() {
  const words = t.signIn.reset;
  const token = useLocation({ select: (location) => location.hash });
  const navigate = useNavigate();
  const form = useForm({ initialValues: { password: "" } });
  const confirm = useConfirmReset();
  const problem = useProblem(form);
  const ask = (
    <Anchor size="sm" renderRoot={(props: object) => <Link to="/forgot" {...props} />}>
      {words.ask}
    </Anchor>
  );
  if (token === "") {
    return (
      <SignInCard title={words.title} footer={ask}>
        <Text>{words.noToken}</Text>
      </SignInCard>
    );
  }
  const submit = form.onSubmit(({ password }) => {
    problem.clear();
    confirm.mutate(
      { token, password },
      {
        onSuccess: () =>
          void navigate({ to: "/login", state: { isPasswordReset: true }, replace: true }),
        onError: problem.show,
      },
    );
  });
  return (
    <SignInCard title={words.title} description={words.description} footer={ask}>
      <form onSubmit={submit}>
        <ProblemNote error={problem.left} />
        <NewPasswordInput
          mt={0}
          label={words.password}
          autoFocus
          {...form.getInputProps("password")}
        />
        <Button type="submit" fullWidth mt="md" loading={confirm.isPending}>
          {words.submit}
        </Button>
      </form>
    </SignInCard>
  );
}
