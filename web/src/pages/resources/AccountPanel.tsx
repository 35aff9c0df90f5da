import { SimpleGrid } from "@mantine/core";

import type { ResourceAccess } from "../../api/access_at";
import { Panel } from "../../parts/Panel";
import { t } from "../../texts";
import { FactCard } from "../users/FactCard";

interface AccountPanelProps {
  account: NonNullable<ResourceAccess["account"]>;
  onOpen: (eventId: string) => void;
}

/** What the person was at the moment: somebody disabled gets in nowhere. */
export function AccountPanel({ account, onOpen }: AccountPanelProps) {
  return (
    <Panel title={t.resources.access.account}>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
        <FactCard label={t.users.access.role} fact={account.role} onOpen={onOpen} />
        <FactCard label={t.users.access.status} fact={account.status} onOpen={onOpen} />
      </SimpleGrid>
    </Panel>
  );
}
