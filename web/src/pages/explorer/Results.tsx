import { lazy, Suspense } from "react";

import { EmptyState } from "../../parts/EmptyState";
import { ErrorState } from "../../parts/ErrorState";
import { LoadingState } from "../../parts/LoadingState";
import { t } from "../../texts";
import { DEFAULT_COLUMNS, type ColumnName } from "./columns";
import { useExplorer } from "./ExplorerContext";
import { EventTable } from "./EventTable";
import { ROW_HEIGHTS, useDensity } from "./preferences";
import { queryFault } from "./queryFault";
import type { Rows } from "./useRows";

export interface ResultsProps {
  rows: Rows;
  isNarrow: boolean;
  selected: readonly string[];
  onSelect: (id: string) => void;
  title: string;
}

// Seldom seen, and not part of the first load.
const EventMap = lazy(async () => ({ default: (await import("./EventMap")).EventMap }));
const NothingFound = lazy(async () => ({ default: (await import("./NothingFound")).NothingFound }));

const NARROW_HEIGHT = 60;
const NARROW_COLUMNS: readonly ColumnName[] = ["action", "timestamp", "user", "resource"];
const SKELETON_ROWS = 14;

/** The events, or what stands in their place. */
export function Results({ rows, isNarrow, selected, onSelect, title }: ResultsProps) {
  const { search } = useExplorer();
  const [density] = useDensity();
  const rowHeight = isNarrow ? NARROW_HEIGHT : ROW_HEIGHTS[density];
  if (rows.error !== null && rows.rows.length === 0) {
    return queryFault(rows.error) === undefined ? (
      <ErrorState problem={rows.error} retry={rows.retry} />
    ) : (
      <EmptyState title={t.explorer.search.correct} />
    );
  }
  const loading = (
    <LoadingState rows={SKELETON_ROWS} height={rowHeight} label={t.explorer.summary.loading} />
  );
  if (rows.isFirstLoad) return loading;
  if (rows.rows.length === 0 || search.view === "map") {
    return (
      <Suspense fallback={loading}>
        {rows.rows.length === 0 ? <NothingFound rows={rows} /> : <EventMap rows={rows} />}
      </Suspense>
    );
  }
  return (
    <EventTable
      rows={rows}
      columns={isNarrow ? NARROW_COLUMNS : (search.columns ?? DEFAULT_COLUMNS)}
      rowHeight={rowHeight}
      isNarrow={isNarrow}
      selected={selected}
      onSelect={onSelect}
      title={title}
    />
  );
}
