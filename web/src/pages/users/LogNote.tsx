import { Alert } from "@mantine/core";
import { IconHistoryOff } from "@tabler/icons-react";

import type { LogReach } from "../../api/access_at";

/** Says how far back the log tells, where that is not all of it. */
export function LogNote({ log }: { log: LogReach }) {
  if (log.is_complete) {
    return null;
  }
  return (
    <Alert
      color="gray"
      variant="light"
      py="xs"
      role="note"
      icon={<IconHistoryOff size={18} aria-hidden />}
    >
      {log.told}
    </Alert>
  );
}
