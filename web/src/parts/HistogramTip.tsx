import { t } from "../texts";
import { count } from "../texts/numbers";
import { formatSpan } from "../time/format";
import { useZone } from "../time/zone";
import { timesOf, totalOf, type Bucket, type Span } from "./brush";
import classes from "./Histogram.module.css";
import { Plain } from "./Plain";

export interface HistogramTipProps {
  buckets: readonly Bucket[];
  until: string | undefined;
  keys: readonly string[];
  colourOf: (key: string) => string;
  nameOf: (key: string) => string;
  at: number | null;
  span: Span | null;
  width: number;
}

const TIP_WIDTH = 220;

/** The bar under the pointer, or the marked ones, by layer. */
export function HistogramTip(props: HistogramTipProps) {
  const { buckets, until, keys, colourOf, nameOf, at, span, width } = props;
  const { zone } = useZone();
  const shown = span ?? (at === null ? null : { first: at, last: at });
  const times = shown === null ? undefined : timesOf(buckets, shown, until);
  if (shown === null || times === undefined) {
    return null;
  }
  const within = buckets.slice(shown.first, shown.last + 1);
  const middle = (((at ?? shown.last) + 0.5) / buckets.length) * width;
  const left = middle + 12 + TIP_WIDTH > width ? middle - 12 - TIP_WIDTH : middle + 12;
  const layers = keys
    .map((key) => ({ key, n: within.reduce((sum, bucket) => sum + (bucket.counts[key] ?? 0), 0) }))
    .filter(({ n }) => n > 0);
  const total = within.reduce((sum, bucket) => sum + totalOf(bucket), 0);
  return (
    <div className={classes.tip} style={{ left: Math.max(0, left), width: TIP_WIDTH }} aria-hidden>
      <div className={classes.tipHead}>{formatSpan(times.from, times.to, zone)}</div>
      {layers.length > 1 &&
        layers.toReversed().map(({ key, n }) => (
          <div key={key} className={classes.tipLine}>
            <span className={classes.swatch} style={{ background: colourOf(key) }} />
            <Plain text={nameOf(key)} isTruncated />
            <span className="tk-num">{count(n)}</span>
          </div>
        ))}
      <div className={classes.tipLine}>
        <span />
        <span>{t.parts.histogram.total}</span>
        <strong className="tk-num">{count(total)}</strong>
      </div>
    </div>
  );
}
