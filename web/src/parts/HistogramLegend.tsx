import { t } from "../texts";
import { count } from "../texts/numbers";
import type { Bucket } from "./brush";
import classes from "./Histogram.module.css";
import { Plain } from "./Plain";

export interface HistogramLegendProps {
  buckets: readonly Bucket[];
  keys: readonly string[];
  colourOf: (key: string) => string;
  nameOf: (key: string) => string;
}

/** Which colour is what, and how many in all. */
export function HistogramLegend({ buckets, keys, colourOf, nameOf }: HistogramLegendProps) {
  return (
    <ul className={classes.legend} aria-label={t.parts.histogram.legend}>
      {keys.map((key) => (
        <li key={key}>
          <span className={classes.swatch} style={{ background: colourOf(key) }} aria-hidden />
          <Plain text={nameOf(key)} />
          <span className="tk-num tk-dim">
            {count(buckets.reduce((sum, bucket) => sum + (bucket.counts[key] ?? 0), 0))}
          </span>
        </li>
      ))}
    </ul>
  );
}
