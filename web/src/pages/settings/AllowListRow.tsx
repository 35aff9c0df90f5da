import { ActionIcon, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { IconTrash } from "@tabler/icons-react";

import { t } from "../../texts";
import type { AllowListValues } from "./AllowListForm";
import classes from "./AllowListRow.module.css";

type Props = { form: UseFormReturnType<AllowListValues>; index: number };

const words = t.settings.allowList;

export function AllowListRow({ form, index }: Props) {
  const path = `entries.${String(index)}`;
  return (
    <div className={classes.row}>
      <TextInput
        aria-label={words.networkOf(index + 1)}
        placeholder={words.networkPlaceholder}
        required
        spellCheck={false}
        autoComplete="off"
        classNames={{ input: "tk-mono" }}
        {...form.getInputProps(`${path}.network`)}
      />
      <TextInput
        aria-label={words.noteOf(index + 1)}
        placeholder={words.notePlaceholder}
        maxLength={200}
        {...form.getInputProps(`${path}.note`)}
      />
      <ActionIcon
        variant="subtle"
        color="gray"
        size={34}
        aria-label={words.remove(index + 1)}
        onClick={() => {
          form.removeListItem("entries", index);
        }}
      >
        <IconTrash size={16} aria-hidden />
      </ActionIcon>
    </div>
  );
}
