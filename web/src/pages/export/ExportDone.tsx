import { Button } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";

import { t } from "../../texts";
import classes from "./Export.module.css";
import { Outcome } from "./Outcome";
import { save, type Progress } from "./useExport";

interface ExportDoneProps {
  done: Extract<Progress, { step: "done" }>;
  /** What was counted before. */
  total: number | null;
}

/** How many rows the file has, by its own last word. */
export function ExportDone({ done, total }: ExportDoneProps) {
  const { rows, bytes, name, file } = done;
  const more = total === null ? 0 : rows - total;
  const change = more > 0 ? t.exporting.grew(more) : more < 0 ? t.exporting.shrank(-more) : "";
  return (
    <Outcome kind="good" icon={<IconCheck size={20} />} title={t.exporting.done(rows)}>
      <p className={classes.what}>
        {t.exporting.doneText(name, bytes)} {t.exporting.whole} {change}
      </p>
      <Button
        size="xs"
        mt="xs"
        variant="default"
        onClick={() => {
          save(file, name);
        }}
      >
        {t.exporting.saveAgain}
      </Button>
    </Outcome>
  );
}
