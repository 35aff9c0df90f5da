import type { Bucket } from "./brush";

export interface PlotSize {
  /** The count at the top edge. */
  top: number;
  width: number;
  height: number;
}

/** The shortest bar that is seen: a single event among thousands is still there. */
const LEAST = 1;

function round(x: number): string {
  return String(Math.round(x * 100) / 100);
}

/** Each layer's bars as an SVG path, stacked in the order of `keys` from the ground up. */
export function layerPaths(
  buckets: readonly Bucket[],
  keys: readonly string[],
  { top, width, height }: PlotSize,
): { key: string; path: string }[] {
  const step = width / Math.max(1, buckets.length);
  const gap = step > 4 ? 1 : step > 2 ? 0.5 : 0;
  const grounds = buckets.map(() => height);
  return keys.map((key) => {
    const parts: string[] = [];
    buckets.forEach((bucket, index) => {
      const n = bucket.counts[key] ?? 0;
      const ground = grounds[index] ?? height;
      if (n > 0 && width > 0) {
        const tall = Math.min(ground, Math.max(LEAST, (n / top) * height));
        const x = round(index * step + gap / 2);
        parts.push(`M${x} ${round(ground)}v${round(-tall)}h${round(step - gap)}v${round(tall)}z`);
        grounds[index] = ground - tall;
      }
    });
    return { key, path: parts.join("") };
  });
}
