import { IconFilterMinus, IconFilterPlus } from "@tabler/icons-react";
import { memo } from "react";

import type { EventRow } from "../../api/events";
import { visibleText } from "../../parts/plainText";
import { t } from "../../texts";
import { CellContent } from "./CellContent";
import { cellFilter, cellText, type ColumnName } from "./columns";
import classes from "./EventTable.module.css";

export interface EventCellProps {
  row: EventRow;
  name: ColumnName;
  column: number;
  zone: string;
  /** The keyboard is here. */
  isActive: boolean;
  /** The pointer is here: the value can be filtered for, and out. */
  hasActions: boolean;
}

/** The cell's id in the document, for the grid to say which one is active. */
export function cellId(eventId: string, name: ColumnName | undefined): string {
  return `cell-${eventId}-${name ?? ""}`;
}

export const EventCell = memo(function EventCell(props: EventCellProps) {
  const { row, name, column, zone, isActive, hasActions } = props;
  const canFilter = hasActions && cellFilter(row, name) !== undefined;
  const text = visibleText(cellText(row, name) || t.explorer.facets.absent);
  return (
    <div
      role="gridcell"
      id={isActive ? cellId(row.id, name) : undefined}
      className={classes.cell}
      data-column={column}
      data-name={name}
      data-active={isActive || undefined}
    >
      <CellContent row={row} name={name} zone={zone} />
      {canFilter && (
        <span className={classes.actions}>
          <button
            type="button"
            tabIndex={-1}
            className={classes.action}
            data-act="for"
            title={t.explorer.table.filterFor(text)}
            aria-label={t.explorer.table.filterFor(text)}
          >
            <IconFilterPlus size={14} aria-hidden />
          </button>
          <button
            type="button"
            tabIndex={-1}
            className={classes.action}
            data-act="out"
            title={t.explorer.table.filterOut(text)}
            aria-label={t.explorer.table.filterOut(text)}
          >
            <IconFilterMinus size={14} aria-hidden />
          </button>
        </span>
      )}
    </div>
  );
});
