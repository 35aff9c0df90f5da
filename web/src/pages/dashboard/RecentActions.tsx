import { Button, Group, Switch, Text } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useRef, useState } from "react";

import type { Event } from "../../api/event";
import { RECENT, recentFilter, recentQuery } from "../../api/insight";
import { useLive } from "../../live/useLive";
import { EmptyState } from "../../parts/EmptyState";
import { ErrorState } from "../../parts/ErrorState";
import { Panel } from "../../parts/Panel";
import { t } from "../../texts";
import { merged } from "./latest";
import { LiveMark } from "./LiveMark";
import { RecentTable } from "./RecentTable";

const words = t.dashboard.recent;

interface RecentActionsProps {
  userId?: string;
  /** Whether reads of the log itself are among them. */
  withReads: boolean;
  onReads: (withReads: boolean) => void;
  onOpen: (eventId: string) => void;
}

/** The latest events; new ones come in as they are committed, unless somebody reads in peace. */
export function RecentActions(props: RecentActionsProps) {
  const { userId, withReads, onReads, onOpen } = props;
  const client = useQueryClient();
  const query = useMemo(() => recentQuery(userId, withReads), [userId, withReads]);
  const { data, error, refetch } = useQuery(query);
  const [isPaused, setIsPaused] = useState(false);
  const [waiting, setWaiting] = useState(0);
  const held = useRef<Event[]>([]);

  const show = useCallback(
    (arrived: readonly Event[]) => {
      client.setQueryData(query.queryKey, (shown) =>
        shown === undefined ? undefined : merged(shown, arrived, RECENT),
      );
    },
    [client, query],
  );
  const onEvents = useCallback(
    (arrived: Event[]) => {
      if (!isPaused) {
        show(arrived);
        return;
      }
      held.current = merged(held.current, arrived, RECENT);
      setWaiting((before) => before + arrived.length);
    },
    [isPaused, show],
  );
  const filter = useMemo(() => recentFilter(userId, withReads), [userId, withReads]);
  const { phase } = useLive({
    filter,
    isOn: data !== undefined,
    onEvents,
    onGap: () => void refetch(),
  });

  const toggle = () => {
    if (isPaused) {
      show(held.current);
      held.current = [];
      setWaiting(0);
    }
    setIsPaused(!isPaused);
  };
  return (
    <Panel
      title={words.title}
      counts={withReads ? words.counts(RECENT) : words.countsWithoutReads(RECENT)}
      isFlush
      actions={
        <Group gap="sm">
          {isPaused && waiting > 0 && (
            <Text size="sm" role="status">
              {words.waiting(waiting)}
            </Text>
          )}
          <Switch
            size="xs"
            label={words.reads}
            checked={withReads}
            onChange={(change) => {
              onReads(change.currentTarget.checked);
            }}
          />
          <LiveMark phase={phase} isPaused={isPaused} />
          <Button
            size="xs"
            variant="default"
            leftSection={isPaused ? <IconPlayerPlay size={14} /> : <IconPlayerPause size={14} />}
            onClick={toggle}
          >
            {isPaused ? words.resume : words.stop}
          </Button>
        </Group>
      }
    >
      {error !== null && data === undefined ? (
        <ErrorState problem={error} retry={() => void refetch()} />
      ) : data?.length === 0 ? (
        <EmptyState title={words.empty} text={words.emptyHint} />
      ) : (
        <RecentTable events={data} onOpen={onOpen} />
      )}
    </Panel>
  );
}
