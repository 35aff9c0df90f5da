import { Alert, PasswordInput, SimpleGrid, TagsInput, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";

import { useMe } from "../../api/me";
import { useSaveSingleSignOn, type SingleSignOn } from "../../api/single_sign_on";
import { notifyDone } from "../../parts/notify";
import { t } from "../../texts";
import { ProblemNote } from "../sign-in/ProblemNote";
import { useProblem } from "../sign-in/useProblem";
import { FormActions } from "./FormActions";
import { Section } from "./Section";
import { SingleSignOnRoles } from "./SingleSignOnRoles";
import { SingleSignOnRule } from "./SingleSignOnRule";
import { toBody, toValues, type SingleSignOnValues } from "./singleSignOnValues";
import { UnsavedGuard } from "./UnsavedGuard";

const words = t.settings.singleSignOn;
const PERMISSIONS = 14;

/** The provider and whom it may bring in, as what. */
export function SingleSignOnForm({ known }: { known: SingleSignOn | null }) {
  const me = useMe();
  const form = useForm<SingleSignOnValues>({ initialValues: toValues(known) });
  const save = useSaveSingleSignOn();
  const problem = useProblem(form, (field) => field.split(".")[0] ?? field);
  const submit = form.onSubmit((values) => {
    problem.clear();
    save.mutate(toBody(values), {
      onSuccess: (saved) => {
        form.setInitialValues(toValues(saved));
        form.setValues(toValues(saved));
        form.resetDirty(toValues(saved));
        notifyDone(words.saved);
      },
      onError: problem.show,
    });
  });
  const text = { spellCheck: false, autoComplete: "off", withAsterisk: false } as const;
  return (
    <form onSubmit={submit}>
      <UnsavedGuard isDirty={form.isDirty()} />
      {me.permissions.length < PERMISSIONS && (
        <Alert color="yellow" mb="md">
          {words.everything}
        </Alert>
      )}
      <Section title={words.provider}>
        <TextInput
          {...text}
          label={words.issuer}
          description={words.issuerHint}
          type="url"
          required
          mb="md"
          {...form.getInputProps("issuer")}
        />
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput
            {...text}
            label={words.clientId}
            required
            {...form.getInputProps("client_id")}
          />
          <PasswordInput
            {...text}
            label={words.secret}
            description={known === null ? words.secretNew : words.secretKept}
            inputWrapperOrder={["label", "input", "description", "error"]}
            autoComplete="new-password"
            required={known === null}
            visibilityToggleButtonProps={{ "aria-label": t.signIn.password.show }}
            {...form.getInputProps("client_secret")}
          />
        </SimpleGrid>
      </Section>
      <Section title={words.people}>
        <TagsInput
          label={words.domains}
          description={words.domainsHint}
          splitChars={[",", " "]}
          acceptValueOnBlur
          {...form.getInputProps("domains")}
        />
        <SingleSignOnRoles form={form} />
      </Section>
      <SingleSignOnRule form={form} />
      <ProblemNote error={problem.left} />
      <FormActions
        isDirty={form.isDirty()}
        isSaving={save.isPending}
        onDiscard={() => {
          problem.clear();
          form.reset();
        }}
      />
    </form>
  );
}
