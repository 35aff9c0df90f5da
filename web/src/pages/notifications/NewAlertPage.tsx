import { Stack } from "@mantine/core";

import { useMay } from "../../api/me";
import { NoPermission } from "../../parts/NoPermission";
import { PageHeader } from "../../parts/PageHeader";
import { t } from "../../texts";
import { NEW_ALERT } from "./alertDraft";
import { AlertEditor } from "./AlertEditor";

/** An alert is set up in four steps. */
export function NewAlertPage() {
  const mayManage = useMay("channel:manage");
  return (
    <Stack gap="md">
      <PageHeader
        title={t.notifications.plan.newTitle}
        trail={[{ label: t.notifications.alerts.title, to: "/settings/notifications" }]}
      />
      {mayManage ? (
        <AlertEditor initial={NEW_ALERT} />
      ) : (
        <NoPermission permission="channel:manage" />
      )}
    </Stack>
  );
}
