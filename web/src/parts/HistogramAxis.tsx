import { compact } from "../texts/numbers";
import classes from "./Histogram.module.css";

export interface HistogramAxisProps {
  /** The highest mark; 0: none. */
  top: number;
  height: number;
}

/** The marks at the left: nothing, half (where it is whole), and the top. */
export function HistogramAxis({ top, height }: HistogramAxisProps) {
  const marks = top === 0 ? [0] : top % 2 === 0 ? [top, top / 2, 0] : [top, 0];
  return (
    <div className={classes.axis} style={{ height }} aria-hidden>
      {marks.map((mark) => (
        <span key={mark} className="tk-num">
          {compact(mark)}
        </span>
      ))}
    </div>
  );
}
