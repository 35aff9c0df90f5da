import { memo } from "react";

import { t } from "../../texts";
import type { ColumnName } from "./columns";
import classes from "./EventTable.module.css";

export interface TableHeaderProps {
  columns: readonly ColumnName[];
  /** The zone that times are shown in. */
  zone: string;
  /** Names of columns are then for screen readers only. */
  isNarrow: boolean;
}

export const TableHeader = memo(function TableHeader({
  columns,
  zone,
  isNarrow,
}: TableHeaderProps) {
  return (
    <div role="rowgroup" className={isNarrow ? "tk-visually-hidden" : classes.head}>
      <div role="row" aria-rowindex={1} className={classes.headRow}>
        {!isNarrow && (
          <div role="columnheader" className={classes.headCell}>
            <span className="tk-visually-hidden">{t.explorer.compare.label}</span>
          </div>
        )}
        {columns.map((name) => (
          <div key={name} role="columnheader" className={classes.headCell}>
            {name === "timestamp" ? t.explorer.timeIn(zone) : t.explorer.columns[name]}
          </div>
        ))}
      </div>
    </div>
  );
});
