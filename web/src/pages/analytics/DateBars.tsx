import type { Team } from "../../api/insight";
import { t } from "../../texts";
import { count } from "../../texts/numbers";
import { formatTime } from "../../time/format";
import classes from "./DateBars.module.css";
import { evenTop } from "./evenTop";

interface DateBarsProps {
  counts: Team["active_users"]["daily"];
  /** The chart's accessible name. */
  label: string;
}

/** At most so many dates are written below the bars: more would not fit. */
const MOST_LABELS = 6;

/** Counts by calendar date as bars; a date has no time zone, so it is shown as it is. */
export function DateBars({ counts, label }: DateBarsProps) {
  const top = evenTop(Math.max(...counts.map((each) => each.count)));
  const every = Math.ceil(counts.length / MOST_LABELS);
  return (
    <figure className={classes.figure}>
      <div className={classes.axis} aria-hidden>
        <span>{count(top)}</span>
        <span>{count(top / 2)}</span>
        <span>0</span>
      </div>
      <ol className={classes.bars} aria-label={label}>
        {counts.map((each, place) => {
          const date = formatTime(`${each.date}T00:00:00Z`, "UTC", "weekday");
          const text = t.analytics.active.bar(date, each.count);
          return (
            <li key={each.date} className={classes.column} title={text}>
              <span className="tk-visually-hidden">{text}</span>
              <span className={classes.space} aria-hidden>
                <span
                  className={classes.bar}
                  style={{ height: `${String((100 * each.count) / top)}%` }}
                />
              </span>
              <span className={classes.date} aria-hidden>
                {place % every === 0 && place <= counts.length - every / 2 && (
                  <span>{formatTime(`${each.date}T00:00:00Z`, "UTC", "date")}</span>
                )}
              </span>
            </li>
          );
        })}
      </ol>
    </figure>
  );
}
