import { Button, Stack } from "@mantine/core";
import { IconBellPlus, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { alertSettingsQuery } from "../../api/alert_settings";
import { useMay } from "../../api/me";
import { EmptyState } from "../../parts/EmptyState";
import { ErrorState } from "../../parts/ErrorState";
import { LoadingState } from "../../parts/LoadingState";
import { NoPermission } from "../../parts/NoPermission";
import { PageHeader } from "../../parts/PageHeader";
import { t } from "../../texts";
import { AlertSettingRow } from "./AlertSettingRow";
import classes from "./AlertSettingsPage.module.css";
import { ReviewPanel } from "./ReviewPanel";

/** Organization Settings › Notifications: which alerts reach whom. */
export function AlertSettingsPage() {
  const words = t.notifications.alerts;
  const mayManage = useMay("channel:manage");
  return (
    <Stack gap="md">
      <PageHeader
        title={words.title}
        description={words.description}
        actions={
          mayManage && (
            <Button
              leftSection={<IconPlus size={16} aria-hidden />}
              renderRoot={(props) => <Link {...props} to="/settings/notifications/new" />}
            >
              {words.new}
            </Button>
          )
        }
      />
      {mayManage ? <AlertSettings /> : <NoPermission permission="channel:manage" />}
      <ReviewPanel />
    </Stack>
  );
}

function AlertSettings() {
  const words = t.notifications.alerts;
  const found = useQuery(alertSettingsQuery);
  if (found.isPending) {
    return <LoadingState rows={4} height={56} />;
  }
  if (found.isError) {
    return <ErrorState problem={found.error} retry={() => void found.refetch()} />;
  }
  if (found.data.length === 0) {
    return (
      <EmptyState
        icon={<IconBellPlus size={20} stroke={1.75} />}
        title={words.none}
        text={words.noneHint}
      />
    );
  }
  return (
    <ul className={classes.list} aria-label={words.list}>
      {found.data.map((setting) => (
        <AlertSettingRow key={setting.id} setting={setting} />
      ))}
    </ul>
  );
}
