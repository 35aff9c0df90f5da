import { Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { viewersQuery } from "../../api/users";
import { EmptyState } from "../../parts/EmptyState";
import { ErrorState } from "../../parts/ErrorState";
import { LoadingState } from "../../parts/LoadingState";
import { Panel } from "../../parts/Panel";
import { Plain } from "../../parts/Plain";
import { t } from "../../texts";
import { count } from "../../texts/numbers";
import { When } from "../../time/When";

const words = t.users.viewers;
const DAYS = 90;

/** Who looked at one's own activity. */
export function ViewersPanel({ userId }: { userId: string }) {
  const { data, error, refetch } = useQuery(viewersQuery(userId, DAYS));
  return (
    <Panel title={words.title} counts={words.counts(DAYS)}>
      {error !== null && data === undefined ? (
        <ErrorState problem={error} retry={() => void refetch()} isCompact />
      ) : data === undefined ? (
        <LoadingState rows={3} />
      ) : data.items.length === 0 ? (
        <EmptyState title={words.empty} isCompact />
      ) : (
        <Table.ScrollContainer
          minWidth={480}
          type="native"
          // Nothing in it takes the focus, and the keyboard must reach its right side.
          tabIndex={0}
          role="group"
          aria-label={words.title}
        >
          <Table aria-label={words.title}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{words.columns.who}</Table.Th>
                <Table.Th ta="right">{words.columns.searches}</Table.Th>
                <Table.Th ta="right">{words.columns.views}</Table.Th>
                <Table.Th ta="right">{words.columns.exports}</Table.Th>
                <Table.Th>{words.columns.last}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.items.map((viewer) => (
                <Table.Tr key={viewer.user_id}>
                  <Table.Td>
                    <Plain text={viewer.user_email ?? viewer.user_id} />
                    {viewer.is_self && (
                      <Text span c="dimmed">
                        {" "}
                        ({words.you})
                      </Text>
                    )}
                  </Table.Td>
                  <Table.Td ta="right">{count(viewer.searches)}</Table.Td>
                  <Table.Td ta="right">{count(viewer.views)}</Table.Td>
                  <Table.Td ta="right">{count(viewer.exports)}</Table.Td>
                  <Table.Td>
                    <When at={viewer.last_at} />
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
