import { Group, SegmentedControl, Select, Stack } from "@mantine/core";
import { IconMailOff } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";

import { channelsQuery } from "../../api/channels";
import { deliveriesQuery, DELIVERY_STATES } from "../../api/deliveries";
import { CursorList } from "../../parts/CursorList";
import { EmptyState } from "../../parts/EmptyState";
import { ErrorState } from "../../parts/ErrorState";
import { LoadingState } from "../../parts/LoadingState";
import { t } from "../../texts";
import { DeliveryTable } from "./DeliveryTable";
import type { ChannelsSearch } from "./search";

const route = getRouteApi("/app/settings/channels");

/** Alerts on their way; the dead ones can be tried again. */
export function DeliveriesTab() {
  const words = t.notifications.deliveries;
  const { state, channel } = route.useSearch();
  const navigate = route.useNavigate();
  const channels = useQuery(channelsQuery);
  const found = useInfiniteQuery(deliveriesQuery({ state, channel }));
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  const change = (changes: ChannelsSearch) =>
    void navigate({ search: (before) => ({ ...before, ...changes }), replace: true });
  const isDead = state === "dead";
  return (
    <Stack gap="md">
      <Group gap="sm" align="flex-end">
        <SegmentedControl
          aria-label={words.state}
          data={[
            { value: "any", label: words.states.any },
            ...DELIVERY_STATES.map((value) => ({ value, label: words.states[value] })),
          ]}
          value={state ?? "any"}
          onChange={(value) => change({ state: DELIVERY_STATES.find((each) => each === value) })}
          style={{ flexWrap: "wrap" }}
        />
        <Select
          aria-label={words.channel}
          placeholder={words.anyChannel}
          data={(channels.data ?? []).map((each) => ({ value: each.id, label: each.name }))}
          value={channel ?? null}
          clearable
          w={220}
          onChange={(value) => change({ channel: value ?? undefined })}
        />
      </Group>
      {found.isPending ? (
        <LoadingState rows={8} />
      ) : found.isError && items.length === 0 ? (
        <ErrorState problem={found.error} retry={() => void found.refetch()} />
      ) : items.length === 0 ? (
        <EmptyState
          icon={<IconMailOff size={20} stroke={1.75} />}
          title={isDead ? words.noDead : state || channel ? words.noMatch : words.empty}
          text={isDead ? words.noDeadHint : words.emptyHint}
        />
      ) : (
        <CursorList
          loaded={items.length}
          hasMore={found.hasNextPage}
          isLoadingMore={found.isFetchingNextPage}
          onMore={() => void found.fetchNextPage()}
          endText={words.end(items.length)}
        >
          <DeliveryTable deliveries={items} />
        </CursorList>
      )}
    </Stack>
  );
}
