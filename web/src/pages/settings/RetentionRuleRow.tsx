import { ActionIcon, Fieldset, NumberInput, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { IconTrash } from "@tabler/icons-react";

import { t } from "../../texts";
import type { OrganizationValues } from "./organizationValues";
import classes from "./RetentionRuleRow.module.css";

type Props = { form: UseFormReturnType<OrganizationValues>; index: number; maxDays: number };

/** Another number of days for an action, a resource type, or both together. */
export function RetentionRuleRow({ form, index, maxDays }: Props) {
  const words = t.settings.organization.retention;
  const path = `retention_rules.${String(index)}`;
  const word = { placeholder: words.any, spellCheck: false, autoCapitalize: "characters" } as const;
  return (
    <Fieldset variant="unstyled" className={classes.row} aria-label={words.rule(index + 1)}>
      <TextInput {...word} label={words.action} {...form.getInputProps(`${path}.action`)} />
      <TextInput
        {...word}
        label={words.resourceType}
        {...form.getInputProps(`${path}.resource_type`)}
      />
      <NumberInput
        label={words.ruleDays}
        min={1}
        max={maxDays}
        allowDecimal={false}
        thousandSeparator=","
        {...form.getInputProps(`${path}.days`)}
      />
      <ActionIcon
        variant="subtle"
        color="gray"
        size={30}
        className={classes.remove}
        aria-label={words.remove(index + 1)}
        onClick={() => {
          form.removeListItem("retention_rules", index);
        }}
      >
        <IconTrash size={16} aria-hidden />
      </ActionIcon>
    </Fieldset>
  );
}
