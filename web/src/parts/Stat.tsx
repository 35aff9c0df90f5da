import { Skeleton } from "@mantine/core";
import type { ReactNode } from "react";

import { t } from "../texts";
import { count } from "../texts/numbers";
import { ChangeMark } from "./ChangeMark";
import classes from "./Stat.module.css";

export interface StatProps {
  label: string;
  /** `undefined` while it loads. */
  value: number | string | undefined;
  /** The same of the range before; shown as a change. */
  before?: number;
  /** What exactly is counted. */
  counts: string;
  /** Which direction is good news. */
  goodWhen?: "up" | "down" | "neither";
  /** A link to what was counted. */
  link?: ReactNode;
  /** A sparkline or a split. */
  children?: ReactNode;
}

/** One number, what it counts, and how it was before. */
export function Stat({ label, value, before, counts, goodWhen, link, children }: StatProps) {
  const hasChange = typeof value === "number" && before !== undefined;
  return (
    <div className={classes.stat} role="group" aria-label={label}>
      <div className={classes.label}>
        <span>{label}</span>
        {link}
      </div>
      {value === undefined ? (
        <div className={classes.value} role="status">
          <Skeleton height={20} width={88} radius="xs" />
          <span className="tk-visually-hidden">{t.parts.loading}</span>
        </div>
      ) : (
        <div className={classes.value}>
          <span className="tk-num">{typeof value === "number" ? count(value) : value}</span>
          {hasChange && <ChangeMark now={value} before={before} goodWhen={goodWhen} />}
        </div>
      )}
      <div className={classes.counts}>{counts}</div>
      {children}
    </div>
  );
}
