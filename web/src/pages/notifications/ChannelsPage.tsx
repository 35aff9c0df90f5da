import { Button, Stack, Tabs } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";

import { useMay } from "../../api/me";
import { NoPermission } from "../../parts/NoPermission";
import { PageHeader } from "../../parts/PageHeader";
import { t } from "../../texts";
import { ChannelDialog } from "./ChannelDialog";
import { ChannelList } from "./ChannelList";
import { DeliveriesTab } from "./DeliveriesTab";

const route = getRouteApi("/app/settings/channels");

/** The ways to tell, and what went through them. */
export function ChannelsPage() {
  const words = t.notifications.channels;
  const { tab } = route.useSearch();
  const navigate = route.useNavigate();
  const mayManage = useMay("channel:manage");
  const [isMaking, setIsMaking] = useState(false);
  if (!mayManage) {
    return (
      <Stack gap="md">
        <PageHeader title={words.title} description={words.description} />
        <NoPermission permission="channel:manage" />
      </Stack>
    );
  }
  return (
    <Stack gap="md">
      <PageHeader
        title={words.title}
        description={words.description}
        actions={
          <Button
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() => setIsMaking(true)}
          >
            {words.new}
          </Button>
        }
      />
      <Tabs
        value={tab ?? "channels"}
        keepMounted={false}
        onChange={(value) =>
          void navigate({ search: value === "deliveries" ? { tab: "deliveries" } : {} })
        }
      >
        <Tabs.List aria-label={words.tabs.label}>
          <Tabs.Tab value="channels">{words.tabs.channels}</Tabs.Tab>
          <Tabs.Tab value="deliveries">{words.tabs.deliveries}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="channels" pt="md">
          <ChannelList />
        </Tabs.Panel>
        <Tabs.Panel value="deliveries" pt="md">
          <DeliveriesTab />
        </Tabs.Panel>
      </Tabs>
      {isMaking && <ChannelDialog onClose={() => setIsMaking(false)} />}
    </Stack>
  );
}
