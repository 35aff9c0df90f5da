const whole = new Intl.NumberFormat("en-GB");
const short = new Intl.NumberFormat("en-GB", { notation: "compact", maximumFractionDigits: 1 });
const parts = new Intl.NumberFormat("en-GB", { style: "percent", maximumFractionDigits: 1 });
const wholeParts = new Intl.NumberFormat("en-GB", { style: "percent", maximumFractionDigits: 0 });

/** `1,234,567`. */
export function count(n: number): string {
  return whole.format(n);
}

/** `1.2M`: for axes and narrow places; put the exact count in a title. */
export function compact(n: number): string {
  return short.format(n);
}

/**
 * A share between 0 and 1 as `12.5%`; from 10 % on without decimals. What is not 0 never reads 0
 * %.
 */
export function percent(share: number): string {
  if (share > 0 && share < 0.001) {
    return "<0.1%";
  }
  return (Math.abs(share) < 0.1 ? parts : wholeParts).format(share);
}

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

/** `1.5 MiB`, by 1024. */
export function bytes(n: number): string {
  let value = n;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${value.toFixed(digits)} ${UNITS[unit] ?? "B"}`;
}

/** `1 event`, `12 events`. */
export function plural(n: number, one: string, many: string): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}
