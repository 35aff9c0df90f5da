import classes from "./Sparkline.module.css";

export interface SparklineProps {
  /** One count a day or hour, the oldest first. */
  values: readonly number[];
  /** Says what it shows; read out instead of the picture. */
  label: string;
  width?: number;
  height?: number;
}

/** A row of small bars: how it went, at a glance. */
export function Sparkline({ values, label, width = 96, height = 24 }: SparklineProps) {
  const most = Math.max(1, ...values);
  const step = width / Math.max(1, values.length);
  const gap = step > 2.5 ? 1 : 0;
  const path = values
    .map((n, index) => {
      // An empty day is a line on the ground: there was a day.
      const tall = n === 0 ? 0.75 : Math.max(1.5, (n / most) * height);
      const x = (index * step).toFixed(2);
      const [up, across] = [(-tall).toFixed(2), (step - gap).toFixed(2)];
      return `M${x} ${String(height)}v${up}h${across}v${tall.toFixed(2)}z`;
    })
    .join("");
  return (
    <svg
      className={classes.spark}
      width={width}
      height={height}
      viewBox={`0 0 ${String(width)} ${String(height)}`}
      role="img"
      aria-label={label}
    >
      <title>{label}</title>
      <path d={path} />
    </svg>
  );
}
