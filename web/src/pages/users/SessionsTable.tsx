import { Badge, Table } from "@mantine/core";

import type { Session } from "../../api/users";
import { ConfirmButton } from "../../parts/ConfirmButton";
import { Plain } from "../../parts/Plain";
import { visibleText } from "../../parts/plainText";
import { t } from "../../texts";
import { When } from "../../time/When";

const words = t.users.sessions;

interface SessionsTableProps {
  sessions: readonly Session[];
  /** Ends one of them; a rejection is shown where it was asked. */
  onEnd: (sessionId: string) => Promise<void>;
}

export function SessionsTable({ sessions, onEnd }: SessionsTableProps) {
  return (
    <Table.ScrollContainer minWidth={860}>
      <Table aria-label={words.title} verticalSpacing="xs" horizontalSpacing="md">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{words.columns.device}</Table.Th>
            <Table.Th>{words.columns.method}</Table.Th>
            <Table.Th>{words.columns.place}</Table.Th>
            <Table.Th>{words.columns.began}</Table.Th>
            <Table.Th>{words.columns.lastUsed}</Table.Th>
            <Table.Th>{words.columns.ends}</Table.Th>
            <Table.Th>
              <span className="tk-visually-hidden">{words.columns.action}</span>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {sessions.map((session) => {
            const device = session.device === "" ? words.unknownDevice : session.device;
            const place = [session.city, session.country].filter((each) => each !== "").join(", ");
            return (
              <Table.Tr key={session.id}>
                <Table.Td>
                  <Plain text={device} />{" "}
                  {session.is_current && (
                    <Badge variant="light" tt="none">
                      {words.current}
                    </Badge>
                  )}
                </Table.Td>
                <Table.Td>
                  <Plain text={words.methods[session.method] ?? session.method} />
                  {session.has_second_factor && <div className="tk-dim">{words.secondFactor}</div>}
                </Table.Td>
                <Table.Td>
                  <Plain text={session.address} isMono />
                  {place !== "" && (
                    <div className="tk-dim">
                      <Plain text={place} />
                    </div>
                  )}
                </Table.Td>
                <Table.Td>
                  <When at={session.created_at} />
                </Table.Td>
                <Table.Td>
                  <When at={session.last_seen_at} />
                </Table.Td>
                <Table.Td>
                  <When at={session.expires_at} />
                </Table.Td>
                <Table.Td ta="right">
                  <ConfirmButton
                    label={words.end}
                    title={words.endSure}
                    text={words.endWhere(visibleText(device))}
                    confirmLabel={words.end}
                    onConfirm={() => onEnd(session.id)}
                  />
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
