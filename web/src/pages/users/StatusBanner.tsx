import { Alert } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";

import type { MemberStatus } from "../../api/users";
import { t } from "../../texts";

/** What it means that somebody is not simply active. */
export function StatusBanner({ status }: { status: MemberStatus }) {
  // Most are known from events only: their badge says it, and that is no news.
  if (status === "active" || status === "observed") {
    return null;
  }
  const isOut = status === "deleted" || status === "disabled";
  return (
    <Alert
      color={isOut ? "red" : "gray"}
      variant="light"
      py="xs"
      role="note"
      icon={<IconInfoCircle size={18} aria-hidden />}
    >
      {t.users.banner[status]}
    </Alert>
  );
}
