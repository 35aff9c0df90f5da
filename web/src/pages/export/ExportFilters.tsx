import { filterPairs, type SearchFilter } from "../../api/filter";
import { ErrorState } from "../../parts/ErrorState";
import { Plain } from "../../parts/Plain";
import { formatTime } from "../../time/format";
import { useZone } from "../../time/zone";
import { t } from "../../texts";
import classes from "./Export.module.css";

interface ExportFiltersProps {
  filter: SearchFilter;
  /** Null while it is being counted. */
  total: number | null;
  error: Error | null;
}

const RANGE = ["start_date", "end_date"];
const MOMENT = /^\d{4}-\d{2}-\d{2}T/;

/** The range first: it is what everything else is within. */
function rank(name: string): number {
  const place = RANGE.indexOf(name);
  return place < 0 ? RANGE.length : place;
}

/** What will be exported: how many rows, and by which filters. */
export function ExportFilters({ filter, total, error }: ExportFiltersProps) {
  const { zone, label } = useZone();
  const pairs = filterPairs(filter).sort(([one], [other]) => rank(one) - rank(other));
  const shown = (name: string, value: string) =>
    name.endsWith("_date") && MOMENT.test(value) ? `${formatTime(value, zone)} ${label}` : value;
  return (
    <div>
      <p className={classes.rows} role="status">
        {error !== null
          ? t.exporting.rowsUnknown
          : total === null
            ? t.exporting.counting
            : t.exporting.rows(total)}
      </p>
      <p className={classes.what}>{t.exporting.what}</p>
      <ul className={classes.filters} aria-label={t.exporting.filters} tabIndex={0}>
        {pairs.length === 0 && <li className={classes.filter}>{t.exporting.everything}</li>}
        {pairs.map(([name, value]) => (
          <li key={`${name} ${value}`} className={classes.filter}>
            <span className="tk-dim">
              <Plain text={t.exporting.names[name] ?? name} />:{" "}
            </span>
            <Plain text={shown(name, value)} />
          </li>
        ))}
      </ul>
      {error !== null && <ErrorState problem={error} isCompact />}
    </div>
  );
}
