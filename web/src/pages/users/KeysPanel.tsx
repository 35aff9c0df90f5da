import { Table } from "@mantine/core";

import type { KeyAt } from "../../api/access_at";
import { EmptyState } from "../../parts/EmptyState";
import { Panel } from "../../parts/Panel";
import { Plain } from "../../parts/Plain";
import { t } from "../../texts";
import { When } from "../../time/When";
import { AccessValue } from "./AccessValue";
import { EventLine } from "./EventLine";

const words = t.users.access;

interface KeysPanelProps {
  keys: readonly KeyAt[];
  onOpen: (eventId: string) => void;
}

/** API keys that somebody had made by a moment: what one may do with them outlives a session. */
export function KeysPanel({ keys, onOpen }: KeysPanelProps) {
  return (
    <Panel title={words.keys}>
      {keys.length === 0 ? (
        <EmptyState title={words.keysEmpty} isCompact />
      ) : (
        <Table.ScrollContainer minWidth={640}>
          <Table aria-label={words.keys}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{words.key.name}</Table.Th>
                <Table.Th>{words.key.permissions}</Table.Th>
                <Table.Th>{words.key.status}</Table.Th>
                <Table.Th>{words.key.expires}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {keys.map((key) => (
                <Table.Tr key={key.id}>
                  <Table.Td>
                    <Plain text={key.name ?? key.id} />
                  </Table.Td>
                  <Table.Td>
                    <AccessValue value={key.permissions} />
                  </Table.Td>
                  <Table.Td>
                    <Plain text={key.status} />
                    <EventLine event={key.last_change} onOpen={onOpen} />
                  </Table.Td>
                  <Table.Td>
                    <When at={key.expires_at} kind="absolute" none={words.never} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Panel>
  );
}
