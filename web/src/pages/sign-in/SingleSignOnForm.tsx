import { Button, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";

import { t } from "../../texts";

/** To the organization's own provider. The browser leaves: what it answers comes by redirects. */
export function SingleSignOnForm({ next }: { next: string | undefined }) {
  const words = t.signIn.login;
  const form = useForm({ initialValues: { organization: "" } });
  const submit = form.onSubmit(({ organization }) => {
    const query = new URLSearchParams({
      organization: organization.trim(),
      return_to: next ?? "/",
    });
    window.location.assign(`/sign-in/oidc?${query}`);
  });
  return (
    <form onSubmit={submit}>
      <TextInput
        label={words.organization}
        description={words.organizationHint}
        name="organization"
        autoComplete="organization"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus
        required
        withAsterisk={false}
        {...form.getInputProps("organization")}
      />
      <Button type="submit" fullWidth mt="md">
        {words.continue}
      </Button>
    </form>
  );
}
