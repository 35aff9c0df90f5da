import { Progress } from "@mantine/core";

import { t } from "../../texts";
import classes from "./Export.module.css";

interface ExportProgressProps {
  rows: number;
  bytes: number;
  /** Null where it was not counted. */
  total: number | null;
}

/** How far the export is. */
export function ExportProgress({ rows, bytes, total }: ExportProgressProps) {
  const share = total === null || total === 0 ? 0 : Math.min(rows / total, 1);
  const text = t.exporting.progress(rows, total, bytes);
  return (
    <div>
      <Progress.Root>
        <Progress.Section
          value={total === null ? 100 : share * 100}
          animated={total === null}
          aria-label={t.exporting.progressLabel}
          aria-valuetext={text}
        />
      </Progress.Root>
      <p className={classes.what} role="status">
        {text}
      </p>
      <p className={classes.what}>{t.exporting.leave}</p>
    </div>
  );
}
