import { IconArrowDownRight, IconArrowRight, IconArrowUpRight } from "@tabler/icons-react";

import { t } from "../texts";
import { count, percent } from "../texts/numbers";
import classes from "./ChangeMark.module.css";
import { changeOf } from "./change";

export interface ChangeMarkProps {
  now: number;
  before: number;
  /** Which direction is good news; without one, the mark has no colour. */
  goodWhen?: "up" | "down" | "neither";
}

const ICONS = { up: IconArrowUpRight, down: IconArrowDownRight, same: IconArrowRight };

/** A count against the range before: an arrow, the share, and both in words. */
export function ChangeMark({ now, before, goodWhen = "neither" }: ChangeMarkProps) {
  const { direction, share } = changeOf(now, before);
  const Icon = ICONS[direction];
  const isPlain = goodWhen === "neither" || direction === "same";
  const mood = isPlain ? "plain" : direction === goodWhen ? "good" : "bad";
  const words = direction === "up" ? t.parts.stat.up : t.parts.stat.down;
  return (
    <span
      className={`${classes.mark ?? ""} ${classes[mood] ?? ""} tk-num`}
      title={t.parts.stat.before(before)}
    >
      <Icon size={14} stroke={2} aria-hidden />
      {share === null ? `+${count(now)}` : percent(share)}
      <span className="tk-visually-hidden">
        {direction === "same" ? t.parts.stat.same : words}, {t.parts.stat.before(before)}
      </span>
    </span>
  );
}
