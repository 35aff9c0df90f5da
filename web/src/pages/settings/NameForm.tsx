import { TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";

import { useMe } from "../../api/me";
import { useChangeUser } from "../../api/people";
import { notifyDone } from "../../parts/notify";
import { t } from "../../texts";
import { ProblemNote } from "../sign-in/ProblemNote";
import { useProblem } from "../sign-in/useProblem";
import { FormActions } from "./FormActions";
import classes from "./NameForm.module.css";
import { UnsavedGuard } from "./UnsavedGuard";

/** One's own name: for whoever may manage users, for the organization's directory keeps it. */
export function NameForm() {
  const me = useMe();
  const words = t.settings.profile;
  const form = useForm({ initialValues: { name: me.name } });
  const change = useChangeUser();
  const problem = useProblem(form);
  const submit = form.onSubmit(({ name }) => {
    problem.clear();
    change.mutate(
      { userId: me.user_id ?? "", changes: { name: name.trim() } },
      {
        onSuccess: () => {
          form.resetDirty();
          notifyDone(t.settings.saved);
        },
        onError: problem.show,
      },
    );
  });
  return (
    <form onSubmit={submit} className={classes.form}>
      <UnsavedGuard isDirty={form.isDirty()} />
      <ProblemNote error={problem.left} />
      <TextInput
        label={words.name}
        description={words.nameHint}
        autoComplete="name"
        maxLength={200}
        required
        withAsterisk={false}
        maw={360}
        {...form.getInputProps("name")}
      />
      <FormActions
        isDirty={form.isDirty()}
        isSaving={change.isPending}
        onDiscard={() => {
          form.reset();
        }}
      />
    </form>
  );
}
