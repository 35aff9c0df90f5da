import { Alert } from "@mantine/core";
import { IconCode } from "@tabler/icons-react";

import { Panel } from "../../parts/Panel";
import { t } from "../../texts";
import { ProblemNote } from "../security/ProblemNote";
import { fieldOf } from "./problems";
import { RuleFormFields } from "./RuleFormFields";
import type { Editing } from "./useDraft";

/** The rule as a form, where it is as simple as one. */
export function FormPanel({ editing }: { editing: Editing }) {
  const words = t.rules.form;
  const { form, check, problem } = editing;
  const isFaulty = check !== undefined && !check.is_valid;
  return (
    <Panel title={words.title} counts={words.hint}>
      {form === null ? (
        <Alert
          variant="default"
          icon={<IconCode aria-hidden />}
          title={isFaulty ? words.faulty : words.richer}
        >
          {isFaulty ? words.faultyHint : words.richerHint}
        </Alert>
      ) : (
        <RuleFormFields
          form={form}
          problem={problem}
          sentence={check?.sentence ?? null}
          onChange={editing.editForm}
        />
      )}
      {problem !== null && fieldOf(problem) === null && <ProblemNote problem={problem} />}
    </Panel>
  );
}
