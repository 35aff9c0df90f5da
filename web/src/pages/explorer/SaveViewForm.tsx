import { Button, Checkbox, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";

import { useSaveView } from "../../api/views";
import { applyProblem } from "../../parts/applyProblem";
import { ErrorState } from "../../parts/ErrorState";
import { t } from "../../texts";
import { useExplorer } from "./ExplorerContext";
import classes from "./SavedViews.module.css";
import { queryOfView } from "./viewQuery";

export interface SaveViewFormProps {
  onDone: () => void;
}

const MAX_NAME = 100;

/** Keeps the present search under a name. */
export function SaveViewForm({ onDone }: SaveViewFormProps) {
  const { search } = useExplorer();
  const save = useSaveView();
  const form = useForm({ initialValues: { name: "", isShared: false } });
  const isSaid = save.error !== null && Object.keys(form.errors).length > 0;

  function submit(values: { name: string; isShared: boolean }): void {
    const name = values.name.trim();
    save.mutate(
      { name, query: queryOfView(search), is_shared: values.isShared, is_starred: false },
      { onSuccess: onDone, onError: (problem) => applyProblem(form, problem) },
    );
  }

  return (
    <form className={classes.form} onSubmit={form.onSubmit(submit)}>
      <p className={classes.title}>{t.views.save}</p>
      <TextInput
        size="xs"
        label={t.views.name}
        placeholder={t.views.namePlaceholder}
        maxLength={MAX_NAME}
        required
        {...form.getInputProps("name")}
      />
      <Checkbox
        size="xs"
        label={t.views.isShared}
        {...form.getInputProps("isShared", { type: "checkbox" })}
      />
      {save.error !== null && !isSaid && <ErrorState problem={save.error} isCompact />}
      <Button
        size="xs"
        type="submit"
        loading={save.isPending}
        disabled={form.values.name.trim() === ""}
      >
        {t.views.submit}
      </Button>
    </form>
  );
}
