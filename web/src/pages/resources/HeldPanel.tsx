import { Table } from "@mantine/core";

import type { ResourceAccess } from "../../api/access_at";
import { EmptyState } from "../../parts/EmptyState";
import { Panel } from "../../parts/Panel";
import { Plain } from "../../parts/Plain";
import { t } from "../../texts";
import { AccessValue } from "../users/AccessValue";
import { EventLine } from "../users/EventLine";
import { SubjectName } from "../users/SubjectName";

const words = t.resources.access;

interface HeldPanelProps {
  access: ResourceAccess;
  onOpen: (eventId: string) => void;
}

function existence(exists: boolean | null): string {
  return exists === null ? words.existsUnknown : exists ? words.exists : words.existsNot;
}

/** Who held what at the moment, each with the event that gave it. */
export function HeldPanel({ access, onOpen }: HeldPanelProps) {
  const isOfOne = access.user_id !== null;
  return (
    <Panel title={words.title} counts={`${words.counts}. ${existence(access.exists)}`}>
      {access.access.length === 0 ? (
        <EmptyState
          title={isOfOne ? words.emptyOne : words.empty}
          text={words.emptyHint}
          isCompact
        />
      ) : (
        <Table.ScrollContainer minWidth={560}>
          <Table aria-label={words.title}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{words.columns.who}</Table.Th>
                <Table.Th>{words.columns.what}</Table.Th>
                <Table.Th>{words.columns.level}</Table.Th>
                <Table.Th>{words.columns.since}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {access.access.map((held) => (
                <Table.Tr key={`${held.subject} ${held.field}`}>
                  <Table.Td>
                    <SubjectName subject={held.subject} />
                  </Table.Td>
                  <Table.Td>
                    <Plain text={held.field} />
                  </Table.Td>
                  <Table.Td>
                    <AccessValue value={held.value} />
                  </Table.Td>
                  <Table.Td>
                    <EventLine event={held.event} onOpen={onOpen} />
                    {held.basis !== "event" && (
                      <div className="tk-dim">{t.users.access.basis[held.basis]}</div>
                    )}
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
