import { Button, Stack } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";

import { resourcesQuery } from "../../api/resources";
import { CursorList } from "../../parts/CursorList";
import { EmptyState } from "../../parts/EmptyState";
import { ErrorState } from "../../parts/ErrorState";
import { LoadingState } from "../../parts/LoadingState";
import { Panel } from "../../parts/Panel";
import { t } from "../../texts";
import { RangeBar } from "../dashboard/RangeBar";
import { rangeOf, toSearch } from "../dashboard/search";
import { ResourceFilters } from "./ResourceFilters";
import { ResourcesTable } from "./ResourcesTable";
import { RESOURCES_RANGE, type ResourcesSearch } from "./search";

const route = getRouteApi("/app/resources");

/** The list of resources, as the address asks for it. */
export function ResourceList() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const range = rangeOf(search, RESOURCES_RANGE);
  const sort = search.sort ?? "changes";
  const list = useInfiniteQuery(
    resourcesQuery(range, { search: search.search, resource_type: search.type, sort }),
  );
  const pages = list.data?.pages;
  const items = pages?.flatMap((page) => page.items);
  const isFiltered = search.search !== undefined || search.type !== undefined;
  const go = (next: ResourcesSearch) => {
    void navigate({ search: next, replace: true });
  };
  const clear = () => {
    go({ ...search, search: undefined, type: undefined });
  };
  const more = () => void list.fetchNextPage();
  return (
    <Stack gap="md">
      <RangeBar
        range={range}
        coverage={pages?.[0]?.coverage}
        isFetching={list.isFetching}
        onRefresh={() => void list.refetch()}
        onChange={(next) => {
          go({ ...search, ...toSearch(next, RESOURCES_RANGE) });
        }}
      />
      <Panel isFlush>
        <ResourceFilters search={search} onChange={go} />
        {list.error !== null && items === undefined ? (
          <ErrorState problem={list.error} retry={() => void list.refetch()} />
        ) : items === undefined ? (
          <LoadingState rows={12} height={40} />
        ) : items.length === 0 ? (
          <EmptyState
            title={isFiltered ? t.resources.noMatch : t.resources.empty}
            text={isFiltered ? t.resources.noMatchHint : t.resources.emptyHint}
            action={
              isFiltered && (
                <Button variant="default" onClick={clear}>
                  {t.resources.clear}
                </Button>
              )
            }
          />
        ) : (
          <CursorList
            loaded={items.length}
            hasMore={list.hasNextPage}
            isLoadingMore={list.isFetchingNextPage}
            onMore={more}
          >
            <ResourcesTable items={items} isStale={list.isPlaceholderData} />
            {list.isFetchNextPageError && (
              <ErrorState problem={list.error} retry={more} isCompact />
            )}
          </CursorList>
        )}
      </Panel>
    </Stack>
  );
}
