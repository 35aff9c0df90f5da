import { Stack } from "@mantine/core";

import type { Editing } from "./useDraft";
import classes from "./RuleEditor.module.css";
import { FormPanel } from "./FormPanel";
import { TextPanel } from "./TextPanel";

/** Form and text side by side, kept in step. */
export function RuleEditor({ editing }: { editing: Editing }) {
  return (
    <div className={classes.columns}>
      <Stack gap="md">
        <FormPanel editing={editing} />
      </Stack>
      <Stack gap="md" className={classes.text}>
        <TextPanel editing={editing} />
      </Stack>
    </div>
  );
}
