import { Table } from "@mantine/core";

import type { Team } from "../../api/insight";
import { EmptyState } from "../../parts/EmptyState";
import { LoadingState } from "../../parts/LoadingState";
import { Panel } from "../../parts/Panel";
import { t } from "../../texts";
import { FeatureRow } from "./FeatureRow";

const words = t.analytics.features;
const MOST = 12;

/** What is used most: actions on types of resources, with how each went day by day. */
export function Features({ team }: { team: Team | undefined }) {
  return (
    <Panel isFlush title={words.title} counts={words.counts}>
      {team === undefined ? (
        <LoadingState rows={MOST} height={36} />
      ) : team.features.length === 0 ? (
        <EmptyState title={words.empty} isCompact />
      ) : (
        <Table.ScrollContainer minWidth={520}>
          <Table aria-label={words.title} horizontalSpacing="md" verticalSpacing={4}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{words.columns.feature}</Table.Th>
                <Table.Th ta="right">{words.columns.events}</Table.Th>
                <Table.Th ta="right">{words.columns.change}</Table.Th>
                <Table.Th>{words.columns.trend}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {team.features.slice(0, MOST).map((feature) => (
                <FeatureRow
                  key={`${feature.action} ${feature.resource_type}`}
                  feature={feature}
                  asked={team.asked}
                />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Panel>
  );
}
