import { useInfiniteQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";

import { eventsQuery, MOST_ROWS, type Coverage, type EventRow } from "../../api/events";
import { useExplorer } from "./ExplorerContext";

export interface Rows {
  rows: readonly EventRow[];
  /** How many match in all; null until known. */
  total: number | null;
  coverage: Coverage | undefined;
  error: Error | null;
  isFirstLoad: boolean;
  /** The rows are those of the search before. */
  isOld: boolean;
  hasMore: boolean;
  /** As many are loaded as a table shows, and there are more. */
  isCapped: boolean;
  isLoadingMore: boolean;
  loadMore: () => void;
  retry: () => void;
}

/** The rows of the current search, as far as they are loaded. */
export function useRows(): Rows {
  const { filter } = useExplorer();
  const query = useInfiniteQuery(eventsQuery(filter));
  const { data, error, isPlaceholderData, hasNextPage, isFetchingNextPage } = query;
  const { fetchNextPage, refetch } = query;
  const rows = useMemo(() => data?.pages.flatMap((page) => page.rows) ?? [], [data]);
  const loadMore = useCallback(() => {
    void fetchNextPage({ cancelRefetch: false });
  }, [fetchNextPage]);
  const retry = useCallback(() => {
    void refetch();
  }, [refetch]);
  const last = data?.pages.at(-1);
  return {
    rows,
    total: data?.pages[0]?.total ?? null,
    coverage: data?.pages[0]?.coverage,
    error,
    isFirstLoad: query.isPending,
    isOld: isPlaceholderData,
    hasMore: hasNextPage,
    isCapped: rows.length >= MOST_ROWS && last?.next != null,
    isLoadingMore: isFetchingNextPage,
    loadMore,
    retry,
  };
}
