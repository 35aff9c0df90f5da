import { t } from "../texts";
import { formatSpan } from "../time/format";
import { timesOf, totalOf, type Bucket, type Span } from "./brush";

export interface BucketWords {
  buckets: readonly Bucket[];
  /** The bar in question; `null`: the newest. */
  at: number | null;
  span: Span | null;
  until: string | undefined;
  zone: string;
  keys: readonly string[];
  nameOf: (key: string) => string;
}

/** A bar or a marked range in words: its time, its total, and the layers that it has. */
export function describeBucket(words: BucketWords): string {
  const { buckets, at, span, until, zone, keys, nameOf } = words;
  const index = at ?? buckets.length - 1;
  const shown = span ?? { first: index, last: index };
  const times = timesOf(buckets, shown, until);
  if (times === undefined) {
    return t.parts.histogram.empty;
  }
  const within = buckets.slice(shown.first, shown.last + 1);
  const total = within.reduce((sum, bucket) => sum + totalOf(bucket), 0);
  const layers = keys
    .map((key) => ({ key, n: within.reduce((sum, bucket) => sum + (bucket.counts[key] ?? 0), 0) }))
    .filter(({ n }) => n > 0)
    .map(({ key, n }) => t.parts.histogram.part(nameOf(key), n));
  const time = formatSpan(times.from, times.to, zone);
  const place = span === null ? time : t.parts.histogram.selected(time);
  const text = t.parts.histogram.bucket(place, t.parts.histogram.events(total));
  return layers.length > 1 ? `${text} (${layers.join(", ")})` : text;
}
