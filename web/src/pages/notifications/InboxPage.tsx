import { Button, SegmentedControl, Stack } from "@mantine/core";
import { IconBellCheck, IconChecks, IconSettings } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";

import { useMay } from "../../api/me";
import { inboxQuery, useMarkAllRead } from "../../api/notifications";
import { CursorList } from "../../parts/CursorList";
import { EmptyState } from "../../parts/EmptyState";
import { ErrorState } from "../../parts/ErrorState";
import { LoadingState } from "../../parts/LoadingState";
import { notifyDone, notifyProblem } from "../../parts/notify";
import { PageHeader } from "../../parts/PageHeader";
import { t } from "../../texts";
import classes from "./InboxPage.module.css";
import { NotificationRow } from "./NotificationRow";

const route = getRouteApi("/app/notifications");

/** What was told to the person who is signed in. */
export function InboxPage() {
  const words = t.notifications;
  const { show } = route.useSearch();
  const navigate = route.useNavigate();
  const mayManage = useMay("channel:manage");
  const isUnreadOnly = show !== "all";
  const found = useInfiniteQuery(inboxQuery(isUnreadOnly));
  const markAll = useMarkAllRead();
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  const unread = found.data?.pages[0]?.unread ?? 0;
  return (
    <Stack gap="md" className="tk-page">
      <PageHeader
        title={words.title}
        description={words.description}
        actions={
          <>
            {mayManage && (
              <Button
                variant="default"
                leftSection={<IconSettings size={16} aria-hidden />}
                renderRoot={(props) => <Link {...props} to="/settings/notifications" />}
              >
                {words.settings}
              </Button>
            )}
            <Button
              variant="default"
              leftSection={<IconChecks size={16} aria-hidden />}
              disabled={unread === 0}
              loading={markAll.isPending}
              onClick={() =>
                markAll.mutate(undefined, {
                  onSuccess: () => notifyDone(words.allRead),
                  onError: notifyProblem,
                })
              }
            >
              {words.markAll}
            </Button>
          </>
        }
      />
      <SegmentedControl
        className={classes.show}
        aria-label={words.show}
        data={[
          { value: "unread", label: words.unreadOnly(unread) },
          { value: "all", label: words.all },
        ]}
        value={isUnreadOnly ? "unread" : "all"}
        onChange={(value) =>
          void navigate({ search: value === "all" ? { show: "all" } : {}, replace: true })
        }
      />
      {found.isPending ? (
        <LoadingState rows={6} height={56} />
      ) : found.isError && items.length === 0 ? (
        <ErrorState problem={found.error} retry={() => void found.refetch()} />
      ) : items.length === 0 ? (
        <EmptyState
          icon={<IconBellCheck size={20} stroke={1.75} />}
          title={isUnreadOnly ? words.emptyUnread : words.empty}
          text={isUnreadOnly ? words.emptyUnreadHint : words.emptyHint}
        />
      ) : (
        <CursorList
          loaded={items.length}
          hasMore={found.hasNextPage}
          isLoadingMore={found.isFetchingNextPage}
          onMore={() => void found.fetchNextPage()}
          endText={words.end(items.length)}
        >
          <ul className={classes.list} aria-label={words.list}>
            {items.map((item) => (
              <NotificationRow key={item.id} notification={item} />
            ))}
          </ul>
        </CursorList>
      )}
    </Stack>
  );
}
