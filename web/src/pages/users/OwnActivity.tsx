import { Stack } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";

import { activityQuery } from "../../api/users";
import { CursorList } from "../../parts/CursorList";
import { EmptyState } from "../../parts/EmptyState";
import { ErrorState } from "../../parts/ErrorState";
import { Panel } from "../../parts/Panel";
import { t } from "../../texts";
import { RangePicker } from "../../time/RangePicker";
import { useBounds } from "../../time/useBounds";
import { RecentTable } from "../dashboard/RecentTable";

const route = getRouteApi("/app/users/$userId/activity");

/** One's own events, for whoever may see no others: as a list, in the range of the address. */
export function OwnActivity({ userId }: { userId: string }) {
  const { q, range, from, to } = route.useSearch();
  const navigate = route.useNavigate();
  const { start_date, end_date } = useBounds({ range, from, to });
  const list = useInfiniteQuery(activityQuery(userId, { q, start_date, end_date }));
  const events = list.data?.pages.flatMap((page) => page.items);
  const total = list.data?.pages[0]?.total;
  return (
    <Stack gap="md">
      <RangePicker
        value={{ range, from, to }}
        onChange={(next) => {
          void navigate({ search: { q, ...next } });
        }}
      />
      <Panel
        isFlush
        title={t.users.profile.activity}
        counts={total == null ? undefined : t.users.events(total)}
      >
        {list.error !== null && events === undefined ? (
          <ErrorState problem={list.error} retry={() => void list.refetch()} />
        ) : events?.length === 0 ? (
          <EmptyState title={t.users.noActivity} text={t.users.noActivityHint} />
        ) : (
          <CursorList
            loaded={events?.length ?? 0}
            hasMore={list.hasNextPage}
            isLoadingMore={list.isFetchingNextPage}
            onMore={() => void list.fetchNextPage()}
          >
            <RecentTable events={events} />
          </CursorList>
        )}
      </Panel>
    </Stack>
  );
}
