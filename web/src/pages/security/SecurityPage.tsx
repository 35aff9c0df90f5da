import { Stack, Tabs } from "@mantine/core";
import { IconCalendarOff, IconShieldExclamation, IconWorld } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";

import { PageHeader } from "../../parts/PageHeader";
import { t } from "../../texts";
import { DetectionsTab } from "./DetectionsTab";
import { ExpectedTab } from "./ExpectedTab";
import { MapTab } from "./MapTab";
import { TABS } from "./search";

const route = getRouteApi("/app/security");

const ICONS = {
  detections: <IconShieldExclamation size={16} aria-hidden />,
  map: <IconWorld size={16} aria-hidden />,
  expected: <IconCalendarOff size={16} aria-hidden />,
};

export function SecurityPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const choose = (value: string | null) => {
    const tab = TABS.find((each) => each === value);
    void navigate({ search: tab === "detections" ? {} : { tab } });
  };
  return (
    <Stack gap="md" className="tk-page">
      <PageHeader title={t.security.title} description={t.security.description} />
      <Tabs value={search.tab ?? "detections"} onChange={choose} keepMounted={false}>
        <Tabs.List aria-label={t.security.tabs.label}>
          {TABS.map((tab) => (
            <Tabs.Tab key={tab} value={tab} leftSection={ICONS[tab]}>
              {t.security.tabs[tab]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="detections" pt="md">
          <DetectionsTab />
        </Tabs.Panel>
        <Tabs.Panel value="map" pt="md">
          <MapTab />
        </Tabs.Panel>
        <Tabs.Panel value="expected" pt="md">
          <ExpectedTab />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}
