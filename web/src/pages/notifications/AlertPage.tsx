import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";

import { alertSettingQuery } from "../../api/alert_settings";
import { useMay } from "../../api/me";
import { ErrorState } from "../../parts/ErrorState";
import { LoadingState } from "../../parts/LoadingState";
import { NoPermission } from "../../parts/NoPermission";
import { PageHeader } from "../../parts/PageHeader";
import { visibleText } from "../../parts/plainText";
import { t } from "../../texts";
import { fromSetting } from "./alertDraft";
import { AlertEditor } from "./AlertEditor";

const route = getRouteApi("/app/settings/notifications/$id");

/** An alert setting is changed. */
export function AlertPage() {
  const { id } = route.useParams();
  const mayManage = useMay("channel:manage");
  const found = useQuery({ ...alertSettingQuery(id), enabled: mayManage });
  if (!mayManage) {
    return <NoPermission permission="channel:manage" />;
  }
  if (found.isPending) {
    return <LoadingState rows={10} />;
  }
  if (found.isError) {
    return <ErrorState problem={found.error} retry={() => void found.refetch()} />;
  }
  return (
    <Stack gap="md">
      <PageHeader
        title={t.notifications.plan.editTitle(visibleText(found.data.name))}
        trail={[{ label: t.notifications.alerts.title, to: "/settings/notifications" }]}
      />
      <AlertEditor key={id} initial={fromSetting(found.data)} settingId={id} />
    </Stack>
  );
}
