import { Button, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";

import { useSetUp } from "../../api/sign_in";
import { t } from "../../texts";
import { NewPasswordInput } from "./NewPasswordInput";
import { ProblemNote } from "./ProblemNote";
import { useEnter } from "./useEnter";
import { useProblem } from "./useProblem";

export function SetupForm({ token }: { token: string }) {
  const words = t.signIn.setup;
  const form = useForm({
    initialValues: { organization_name: "", name: "", email: "", password: "" },
  });
  const setUp = useSetUp();
  const problem = useProblem(form);
  const enter = useEnter(undefined);
  const submit = form.onSubmit(({ organization_name, ...person }) => {
    problem.clear();
    setUp.mutate(
      { ...person, token, organization_name: organization_name.trim() || null },
      { onSuccess: (answer) => void enter(answer), onError: problem.show },
    );
  });
  const input = { required: true, withAsterisk: false, mt: "md" } as const;
  return (
    <form onSubmit={submit}>
      <ProblemNote error={problem.left} />
      <TextInput
        {...input}
        mt={0}
        label={words.organization}
        description={words.organizationHint}
        autoComplete="organization"
        autoFocus
        {...form.getInputProps("organization_name")}
      />
      <TextInput
        {...input}
        label={words.name}
        autoComplete="name"
        {...form.getInputProps("name")}
      />
      <TextInput
        {...input}
        label={words.email}
        type="email"
        autoComplete="username"
        {...form.getInputProps("email")}
      />
      <NewPasswordInput label={words.password} {...form.getInputProps("password")} />
      <Button type="submit" fullWidth mt="lg" loading={setUp.isPending}>
        {words.submit}
      </Button>
    </form>
  );
}
