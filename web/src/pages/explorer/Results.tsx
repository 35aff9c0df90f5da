import { EmptyState } from "../../parts/EmptyState";
import { ErrorState } from "../../parts/ErrorState";
import { LoadingState } from "../../parts/LoadingState";
import { t } from "../../texts";
import { DEFAULT_COLUMNS, type ColumnName } from "./columns";
import { useExplorer } from "./ExplorerContext";
import { EventMap } from "./EventMap";
import { EventTable } from "./EventTable";
import { NothingFound } from "./NothingFound";
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
  if (rows.isFirstLoad) {
    return <LoadingState rows={SKELETON_ROWS} height={rowHeight} label={t.explorer.summary.loading} />;
  }
  if (rows.rows.length === 0) return <NothingFound rows={rows} />;
  if (search.view === "map") return <EventMap rows={rows} />;
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
