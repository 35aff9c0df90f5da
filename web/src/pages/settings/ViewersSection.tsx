import { NativeSelect, Table, Text } from "@mantine/core";
import { IconEyeOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { ownViewersQuery } from "../../api/people";
import { EmptyState } from "../../parts/EmptyState";
import { Plain } from "../../parts/Plain";
import { t } from "../../texts";
import { count } from "../../texts/numbers";
import { When } from "../../time/When";
import { Loaded } from "./Loaded";
import { Section } from "./Section";
import { WideTable } from "./WideTable";

const PERIODS = [7, 30, 90, 365];

/** Who looked at one's own activity: whoever watches is watched. */
export function ViewersSection() {
  const words = t.settings.profile.viewers;
  const [days, setDays] = useState(30);
  const viewers = useQuery(ownViewersQuery(days));
  return (
    <Section
      title={words.title}
      description={words.description}
      actions={
        <NativeSelect
          aria-label={words.days}
          value={String(days)}
          onChange={(event) => {
            setDays(Number(event.currentTarget.value));
          }}
          data={PERIODS.map((each) => ({ value: String(each), label: words.daysOf(each) }))}
        />
      }
    >
      <Loaded query={viewers}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState
              icon={<IconEyeOff size={20} stroke={1.75} />}
              isCompact
              title={words.empty}
              text={words.emptyText}
            />
          ) : (
            <WideTable label={words.title} minWidth={420}>
              <Table aria-label={words.title}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{words.who}</Table.Th>
                    <Table.Th ta="right">{words.searches}</Table.Th>
                    <Table.Th ta="right">{words.views}</Table.Th>
                    <Table.Th ta="right">{words.exports}</Table.Th>
                    <Table.Th>{words.last}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {items.map((viewer) => (
                    <Table.Tr key={viewer.user_id}>
                      <Table.Td>
                        <Plain text={viewer.user_email ?? viewer.user_id} />
                        {viewer.is_self && (
                          <Text span c="dimmed" ml={6} size="sm">
                            {words.you}
                          </Text>
                        )}
                      </Table.Td>
                      <Table.Td ta="right">{count(viewer.searches)}</Table.Td>
                      <Table.Td ta="right">{count(viewer.views)}</Table.Td>
                      <Table.Td ta="right">{count(viewer.exports)}</Table.Td>
                      <Table.Td>
                        <When at={viewer.last_at} kind="relative" />
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </WideTable>
          )
        }
      </Loaded>
    </Section>
  );
}
