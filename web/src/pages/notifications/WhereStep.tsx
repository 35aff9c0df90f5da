import { TextInput } from "@mantine/core";

import { t } from "../../texts";
import { NumberedStep } from "./NumberedStep";
import type { StepProps } from "./step";

export function WhereStep({ draft, faults, onChange }: StepProps) {
  const words = t.notifications.plan;
  return (
    <NumberedStep number={1} title={words.steps.where} hint={words.whereHint}>
      <TextInput
        label={words.name}
        placeholder={words.namePlaceholder}
        value={draft.name}
        error={faults.name}
        maxLength={200}
        required
        maw={480}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
      />
    </NumberedStep>
  );
}
