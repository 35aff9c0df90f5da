import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";

import { usersQuery } from "../../api/users";
import { CursorList } from "../../parts/CursorList";
import { EmptyState } from "../../parts/EmptyState";
import { ErrorState } from "../../parts/ErrorState";
import { LoadingState } from "../../parts/LoadingState";
import { Panel } from "../../parts/Panel";
import { t } from "../../texts";
import { DirectoryFilters } from "./DirectoryFilters";
import { DirectoryTable } from "./DirectoryTable";
import { sortedBy, type UsersSearch } from "./search";

const route = getRouteApi("/app/users");

/** The list of users, as the address asks for it. */
export function Directory() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const list = useInfiniteQuery(usersQuery({ ...search, sort: search.sort ?? "last_seen" }));
  const users = list.data?.pages.flatMap((page) => page.items);
  const isFiltered = [search.search, search.role, search.status].some((each) => each !== undefined);
  const go = (next: UsersSearch) => {
    void navigate({ search: next, replace: true });
  };
  const clear = () => {
    go({ sort: search.sort, order: search.order });
  };
  return (
    <Panel isFlush>
      <DirectoryFilters search={search} isFiltered={isFiltered} onChange={go} onClear={clear} />
      {list.error !== null && users === undefined ? (
        <ErrorState problem={list.error} retry={() => void list.refetch()} />
      ) : users === undefined ? (
        <LoadingState rows={12} height={46} />
      ) : users.length === 0 ? (
        <EmptyState
          title={isFiltered ? t.users.noMatch : t.users.empty}
          text={isFiltered ? t.users.noMatchHint : t.users.emptyHint}
          action={
            isFiltered && (
              <Button variant="default" onClick={clear}>
                {t.users.clear}
              </Button>
            )
          }
        />
      ) : (
        <CursorList
          loaded={users.length}
          hasMore={list.hasNextPage}
          isLoadingMore={list.isFetchingNextPage}
          onMore={() => void list.fetchNextPage()}
        >
          <DirectoryTable
            users={users}
            search={search}
            isStale={list.isPlaceholderData}
            onSort={(column) => {
              go(sortedBy(search, column));
            }}
          />
          {list.isFetchNextPageError && (
            <ErrorState problem={list.error} retry={() => void list.fetchNextPage()} isCompact />
          )}
        </CursorList>
      )}
    </Panel>
  );
}
