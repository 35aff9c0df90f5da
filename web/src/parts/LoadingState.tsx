import { Skeleton } from "@mantine/core";

import { t } from "../texts";
import classes from "./LoadingState.module.css";

export interface LoadingStateProps {
  /** How many lines, as many as will come, so that nothing jumps. */
  rows?: number;
  /** Of each line, in pixels. */
  height?: number;
  /** Read out instead of the lines. */
  label?: string;
}

/** Lines that stand for what is loading. */
export function LoadingState({
  rows = 6,
  height = 28,
  label = t.parts.loading,
}: LoadingStateProps) {
  return (
    <div className={classes.lines} role="status" aria-busy>
      <span className="tk-visually-hidden">{label}</span>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className={classes.line} style={{ height }} aria-hidden>
          <Skeleton height={10} width={`${String(92 - ((row * 17) % 40))}%`} radius="xs" />
        </div>
      ))}
    </div>
  );
}
