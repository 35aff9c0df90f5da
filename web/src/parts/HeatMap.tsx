import { UnstyledButton } from "@mantine/core";

import { t } from "../texts";
import { compact, count } from "../texts/numbers";
import { levelOf } from "./heat";
import classes from "./HeatMap.module.css";

export interface HeatMapProps {
  /** Seven days, Monday first, of 24 hours each. */
  counts: readonly (readonly number[])[];
  /** The table's accessible name. */
  label: string;
  /** What is counted, and in which time zone. */
  caption: string;
  /** A count in words: `12 events`. */
  nameOf?: (n: number) => string;
  /** With it, each cell is a button. Weekday 0 is Monday. */
  onPick?: (weekday: number, hour: number) => void;
}

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const LEVELS = [0, 1, 2, 3, 4, 5];

/** Hour by weekday as a table; the tints are such that its one text colour passes on all. */
export function HeatMap({ counts, label, caption, nameOf = count, onPick }: HeatMapProps) {
  const words = t.parts.heat;
  const most = Math.max(0, ...counts.flat());
  return (
    <div className={classes.wrap}>
      <div className={classes.scroll} tabIndex={0} role="group" aria-label={label}>
        <table className={classes.table} aria-label={label}>
          <thead>
            <tr>
              <th scope="col">
                <span className="tk-visually-hidden">{words.weekday}</span>
              </th>
              {HOURS.map((hour) => (
                <th key={hour} scope="col" className="tk-num" abbr={words.hour(hour)}>
                  {String(hour).padStart(2, "0")}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {words.weekdays.map((weekday, day) => (
              <tr key={weekday}>
                <th scope="row" abbr={weekday}>
                  {words.short[day]}
                </th>
                {HOURS.map((hour) => {
                  const n = counts[day]?.[hour] ?? 0;
                  const name = words.cell(weekday, words.hour(hour), nameOf(n));
                  const text = n === 0 ? "" : compact(n);
                  return (
                    <td key={hour} data-level={levelOf(n, most)} title={name} className="tk-num">
                      {onPick === undefined ? (
                        text || <span className="tk-visually-hidden">0</span>
                      ) : (
                        <UnstyledButton
                          className={classes.cell}
                          aria-label={name}
                          onClick={() => {
                            onPick(day, hour);
                          }}
                        >
                          {text}
                        </UnstyledButton>
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className={classes.foot}>
        <span>{caption}</span>
        <span className={classes.scale} aria-hidden>
          {words.few}
          {LEVELS.map((level) => (
            <span key={level} className={classes.key} data-level={level} />
          ))}
          {words.many}
        </span>
      </div>
    </div>
  );
}
