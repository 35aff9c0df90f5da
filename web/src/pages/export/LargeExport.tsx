import { Button } from "@mantine/core";
import { IconDatabase } from "@tabler/icons-react";

import { exportPath, type Export } from "../../api/exporting";
import { bytes } from "../../texts/numbers";
import { t } from "../../texts";
import classes from "./Export.module.css";
import { canStream } from "./keeping";
import { Outcome } from "./Outcome";

/** About what a row takes, in bytes. */
const ROW_BYTES = { csv: 600, json: 900, ndjson: 900 } as const;
const MUCH_BYTES = 100 * 1024 * 1024;

interface LargeExportProps {
  wanted: Export;
  total: number | null;
}

/** Where only memory could hold a large export: the way to leave it to the browser. */
export function LargeExport({ wanted, total }: LargeExportProps) {
  const size = (total ?? 0) * ROW_BYTES[wanted.format];
  if (canStream() || size < MUCH_BYTES) {
    return null;
  }
  return (
    <Outcome kind="notice" icon={<IconDatabase size={20} />}>
      <p className={classes.what}>{t.exporting.memory(bytes(size))}</p>
      <Button size="xs" mt="xs" variant="default" component="a" href={exportPath(wanted)} download>
        {t.exporting.download}
      </Button>
      <p className={classes.what}>{t.exporting.downloadText}</p>
    </Outcome>
  );
}
