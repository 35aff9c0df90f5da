import { IconCheck } from "@tabler/icons-react";
import { memo } from "react";

import type { EventRow } from "../../api/events";
import { visibleText } from "../../parts/plainText";
import { formatTime } from "../../time/format";
import { t } from "../../texts";
import type { ColumnName } from "./columns";
import { EventCell } from "./EventCell";
import classes from "./EventTable.module.css";

export interface EventTableRowProps {
  row: EventRow;
  index: number;
  /** From the table's top, in pixels. */
  top: number;
  height: number;
  columns: readonly ColumnName[];
  zone: string;
  isNarrow: boolean;
  isOpen: boolean;
  isSelected: boolean;
  activeColumn: number | undefined;
  hoveredColumn: number | undefined;
}

/** One event. It is drawn again only when something of its own has changed. */
export const EventTableRow = memo(function EventTableRow(props: EventTableRowProps) {
  const { row, index, top, height, columns, zone, isNarrow, isOpen, isSelected } = props;
  const { activeColumn, hoveredColumn } = props;
  const what = t.explorer.table.what(
    visibleText(row.action),
    visibleText(row.resource_type),
    formatTime(row.timestamp, zone, "full"),
  );
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      className={classes.row}
      data-index={index}
      data-event={row.id}
      data-open={isOpen || undefined}
      data-active={activeColumn !== undefined || undefined}
      style={{ height, transform: `translateY(${String(top)}px)` }}
    >
      {!isNarrow && (
        <div role="gridcell" className={classes.selectCell}>
          <button
            type="button"
            role="checkbox"
            tabIndex={-1}
            aria-checked={isSelected}
            aria-label={t.explorer.table.select(what)}
            className={classes.select}
            data-act="select"
          >
            <span className={classes.box} aria-hidden>
              {isSelected && <IconCheck size={12} stroke={3} />}
            </span>
          </button>
        </div>
      )}
      {columns.map((name, column) => (
        <EventCell
          key={name}
          row={row}
          name={name}
          column={column}
          zone={zone}
          isActive={activeColumn === column}
          hasActions={!isNarrow && hoveredColumn === column}
        />
      ))}
    </div>
  );
});
