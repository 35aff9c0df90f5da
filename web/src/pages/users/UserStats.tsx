import type { UserInsight } from "../../api/insight";
import { Sparkline } from "../../parts/Sparkline";
import { Stat } from "../../parts/Stat";
import { t } from "../../texts";
import statClasses from "../dashboard/DashboardStats.module.css";
import { OpenLink } from "../dashboard/OpenLink";
import { activityLink } from "./activityLink";

const words = t.users.overview.stats;

interface UserStatsProps {
  userId: string;
  /** Undefined while it loads. */
  insight: UserInsight | undefined;
}

/** The first numbers of a profile. */
export function UserStats({ userId, insight }: UserStatsProps) {
  return (
    <div className={statClasses.stats}>
      <Stat
        label={words.actions}
        value={insight?.total.count}
        before={insight?.total.before}
        counts={words.actionsCounts}
        link={insight && <OpenLink label={words.open} link={activityLink(userId, insight.asked)} />}
      />
      <Stat
        label={words.days}
        value={insight?.sparkline.filter((n) => n > 0).length}
        counts={words.daysCounts}
      >
        {insight && <Sparkline values={insight.sparkline} label={words.sparkline} />}
      </Stat>
      <Stat
        label={words.failed}
        value={insight?.failed_sign_ins.count}
        before={insight?.failed_sign_ins.before}
        goodWhen="down"
        counts={words.failedCounts}
      />
      <Stat
        label={words.risk}
        value={insight && t.users.risk.levels[insight.risk.level]}
        counts={insight === undefined ? words.riskCounts : t.users.risk.score(insight.risk.score)}
      />
    </div>
  );
}
