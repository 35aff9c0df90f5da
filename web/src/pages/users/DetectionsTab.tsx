import { Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";

import { useMay } from "../../api/me";
import { userDetectionsQuery, userQuery } from "../../api/users";
import { EmptyState } from "../../parts/EmptyState";
import { ErrorState } from "../../parts/ErrorState";
import { LoadingState } from "../../parts/LoadingState";
import { NoPermission } from "../../parts/NoPermission";
import { Panel } from "../../parts/Panel";
import { t } from "../../texts";
import { DetectionRow } from "./DetectionRow";
import classes from "./DetectionRow.module.css";

const route = getRouteApi("/app/users/$userId/detections");
const words = t.users.detections;

/** Detections that are about this user. */
export function DetectionsTab() {
  const { userId } = route.useParams();
  const mayView = useMay("detection:view");
  const { data: user } = useQuery(userQuery(userId));
  const { data, error, refetch } = useQuery({
    ...userDetectionsQuery(userId, user?.user_email ?? null),
    enabled: mayView && user !== undefined,
  });
  if (!mayView) {
    return <NoPermission permission="detection:view" />;
  }
  return (
    <Panel isFlush title={words.title} counts={words.counts}>
      {error !== null && data === undefined ? (
        <ErrorState problem={error} retry={() => void refetch()} />
      ) : data === undefined ? (
        <LoadingState rows={4} height={44} />
      ) : data.items.length === 0 ? (
        <EmptyState title={words.empty} text={words.emptyHint} />
      ) : (
        <Table.ScrollContainer minWidth={640}>
          <Table aria-label={words.title} horizontalSpacing="md" highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{words.columns.rule}</Table.Th>
                <Table.Th>{words.columns.severity}</Table.Th>
                <Table.Th>{words.columns.state}</Table.Th>
                <Table.Th ta="right">{words.columns.events}</Table.Th>
                <Table.Th className={classes.when}>{words.columns.last}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.items.map((detection) => (
                <DetectionRow key={detection.id} detection={detection} />
              ))}
            </Table.Tbody>
          </Table>
          {data.hasMore && (
            <Text size="sm" c="dimmed" p="md">
              {words.newest(data.items.length)}
            </Text>
          )}
        </Table.ScrollContainer>
      )}
    </Panel>
  );
}
