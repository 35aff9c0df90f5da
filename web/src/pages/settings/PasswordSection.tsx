import { Button, PasswordInput } from "@mantine/core";
import { useForm } from "@mantine/form";

import { useMe } from "../../api/me";
import { useChangePassword } from "../../api/sessions";
import { notifyDone } from "../../parts/notify";
import { t } from "../../texts";
import { NewPasswordInput } from "../sign-in/NewPasswordInput";
import { ProblemNote } from "../sign-in/ProblemNote";
import { useProblem } from "../sign-in/useProblem";
import { Section } from "./Section";

/** The service speaks of the new password as `password`, wherever one is judged. */
const pathOf = (field: string) => (field === "password" ? "new_password" : field);

export function PasswordSection() {
  const words = t.settings.security.password;
  const me = useMe();
  const form = useForm({ initialValues: { current_password: "", new_password: "" } });
  const change = useChangePassword();
  const problem = useProblem(form, pathOf);
  const submit = form.onSubmit((values) => {
    problem.clear();
    change.mutate(values, {
      onSuccess: () => {
        form.reset();
        notifyDone(words.done);
      },
      onError: problem.show,
    });
  });
  return (
    <Section title={words.title} description={words.description}>
      <form onSubmit={submit}>
        <ProblemNote error={problem.left} />
        {/* Password managers file the new one under what stands in here. */}
        <input type="hidden" autoComplete="username" value={me.email ?? ""} readOnly />
        <PasswordInput
          label={words.current}
          autoComplete="current-password"
          required
          withAsterisk={false}
          maw={360}
          visibilityToggleButtonProps={{ "aria-label": t.signIn.password.show }}
          {...form.getInputProps("current_password")}
        />
        <NewPasswordInput label={words.next} maw={360} {...form.getInputProps("new_password")} />
        <Button type="submit" mt="lg" loading={change.isPending}>
          {words.submit}
        </Button>
      </form>
    </Section>
  );
}
