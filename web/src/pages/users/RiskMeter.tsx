import type { UserInsight } from "../../api/insight";
import { t } from "../../texts";
import classes from "./RiskPanel.module.css";

type RiskMeterProps = Pick<UserInsight["risk"], "level" | "score">;

/** The score as a bar with its level in words. */
export function RiskMeter({ level, score }: RiskMeterProps) {
  return (
    <div className={classes.meter} data-level={level}>
      <div className={classes.words}>
        <span className={classes.level}>{t.users.risk.levels[level]}</span>
        <span className="tk-num">{t.users.risk.score(score)}</span>
      </div>
      <div className={classes.track} aria-hidden>
        <div className={classes.fill} style={{ width: `${String(score)}%` }} />
      </div>
    </div>
  );
}
