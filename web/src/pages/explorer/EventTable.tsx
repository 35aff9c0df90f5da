import { useVirtualizer } from "@tanstack/react-virtual";
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from "react";

import { useZone } from "../../time/zone";
import { t } from "../../texts";
import { cellFilter, gridTemplate, leastWidth, type ColumnName } from "./columns";
import classes from "./EventTable.module.css";
import { cellId } from "./EventCell";
import { EventTableRow } from "./EventTableRow";
import { useExplorer } from "./ExplorerContext";
import { TableFooter } from "./TableFooter";
import { TableHeader } from "./TableHeader";
import { isSamePlace, usePointer, type CellPlace } from "./usePointer";
import type { Rows } from "./useRows";
import { useTableKeys } from "./useTableKeys";

const MarkMoment = lazy(async () => ({ default: (await import("./MarkMoment")).MarkMoment }));

export interface EventTableProps {
  rows: Rows;
  columns: readonly ColumnName[];
  rowHeight: number;
  /** Two lines per event instead of columns. */
  isNarrow: boolean;
  /** Ids of the rows that are chosen to be compared. */
  selected: readonly string[];
  onSelect: (id: string) => void;
  title: string;
}

/** Further pages are asked for when so many rows are left below. */
const AHEAD = 60;
const OVERSCAN = 8;
const HEADER_HEIGHT = 34;

/** The events: as many rows in the document as can be seen, however many are loaded. */
export function EventTable(props: EventTableProps) {
  const { rows: loaded, columns, rowHeight, isNarrow, selected, onSelect, title } = props;
  const { rows, hasMore, isLoadingMore, isOld, loadMore } = loaded;
  const { filter, search, set, filterFor, filterOut } = useExplorer();
  const { at } = search;
  const { zone, label } = useZone();
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<CellPlace | null>(null);
  const [hovered, setHovered] = useState<CellPlace | null>(null);

  // eslint-disable-next-line react-hooks/incompatible-library -- the compiler is not in use here
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    // Rows are told apart by their event: another search must not find the places of this one.
    getItemKey: useCallback((index: number) => rows[index]?.id ?? index, [rows]),
    overscan: OVERSCAN,
    scrollPaddingEnd: isNarrow ? 0 : HEADER_HEIGHT,
  });
  useEffect(() => {
    virtualizer.measure();
  }, [virtualizer, rowHeight]);

  const items = virtualizer.getVirtualItems();
  const isNearEnd = (items.at(-1)?.index ?? -1) >= rows.length - AHEAD;
  useEffect(() => {
    if (isNearEnd && hasMore && !isLoadingMore && !isOld) loadMore();
  }, [isNearEnd, hasMore, isLoadingMore, isOld, loadMore]);

  // Another search begins at its top, once its rows are there.
  const filterKey = JSON.stringify(filter);
  const [shownKey, setShownKey] = useState(filterKey);
  if (!isOld && shownKey !== filterKey) {
    setShownKey(filterKey);
    setActive(null);
    setHovered(null);
  }
  useEffect(() => {
    // A search about a moment begins there instead.
    if (at === undefined) scroller.current?.scrollTo({ top: 0 });
  }, [shownKey, at]);

  const mark = (index: number): void => {
    setActive({ index, column: 0 });
    virtualizer.scrollToIndex(index, { align: "center" });
  };
  const open = (index: number): void => {
    const row = rows[index];
    if (row !== undefined) set({ event: row.id }, { isStep: search.event === undefined });
  };
  const onFilter = ({ index, column }: CellPlace, isOut: boolean): void => {
    const row = rows[index];
    const name = columns[column];
    const wanted = row && name ? cellFilter(row, name) : undefined;
    if (wanted === undefined) return;
    if (isOut) filterOut(wanted.field, wanted.value);
    else filterFor(wanted.field, wanted.value);
  };
  const select = (index: number): void => {
    const row = rows[index];
    if (row !== undefined) onSelect(row.id);
  };
  const onKeyDown = useTableKeys({
    scroller,
    active: active ?? { index: (items[0]?.index ?? 0) - 1, column: 0 },
    rows: rows.length,
    columns: columns.length,
    rowHeight,
    onMove: (place) => {
      setActive(place);
      virtualizer.scrollToIndex(place.index, { align: "auto" });
      // An open drawer goes along.
      if (search.event !== undefined) open(place.index);
    },
    onOpen: open,
    onSelect: select,
    onFilter,
  });
  const pointer = usePointer({
    onHover: (place) => {
      if (!virtualizer.isScrolling && !isSamePlace(place, hovered)) setHovered(place);
    },
    onActivate: setActive,
    onOpen: open,
    onSelect: select,
    onFilter,
  });

  const activeRow = active === null ? undefined : rows[active.index];
  const sizes = {
    "--columns": gridTemplate(columns),
    "--least": `${String(leastWidth(columns))}px`,
  };
  return (
    <div
      ref={scroller}
      className={classes.scroller}
      data-narrow={isNarrow}
      style={sizes as React.CSSProperties}
    >
      <div
        className={classes.grid}
        role="grid"
        aria-label={title}
        aria-description={t.explorer.table.keys}
        aria-rowcount={hasMore ? -1 : rows.length + 1}
        aria-busy={isOld}
        aria-activedescendant={
          active && activeRow ? cellId(activeRow.id, columns[active.column]) : undefined
        }
        tabIndex={0}
        data-explorer-table
        onKeyDown={onKeyDown}
        {...pointer}
      >
        <TableHeader columns={columns} zone={label} isNarrow={isNarrow} />
        <div
          role="rowgroup"
          className={classes.body}
          data-old={isOld}
          style={{ height: virtualizer.getTotalSize() }}
        >
          {items.map(({ index, key, start }) => {
            const row = rows[index];
            if (row === undefined) return null;
            return (
              <EventTableRow
                key={key}
                row={row}
                index={index}
                top={start}
                height={rowHeight}
                columns={columns}
                zone={zone}
                isNarrow={isNarrow}
                isOpen={search.event === row.id}
                isSelected={selected.includes(row.id)}
                activeColumn={active?.index === index ? active.column : undefined}
                hoveredColumn={hovered?.index === index ? hovered.column : undefined}
              />
            );
          })}
        </div>
      </div>
      <TableFooter rows={loaded} />
      {at !== undefined && !isOld && (
        <Suspense>
          <MarkMoment key={shownKey} at={at} loaded={loaded} onFound={mark} />
        </Suspense>
      )}
    </div>
  );
}
