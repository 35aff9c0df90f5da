import type { Team } from "../../api/insight";
import { Stat } from "../../parts/Stat";
import { t } from "../../texts";
import statClasses from "../dashboard/DashboardStats.module.css";
import { exactly } from "../dashboard/explorerLink";
import { OpenLink } from "../dashboard/OpenLink";

const words = t.analytics.stats;

interface TeamStatsProps {
  /** Undefined while it loads. */
  team: Team | undefined;
}

/** The numbers of a team, each against the range before and with the way to its events. */
export function TeamStats({ team }: TeamStatsProps) {
  const changes = team?.resource_changes;
  const link = (label: string, fields: Parameters<typeof exactly>[1]) =>
    team && (
      <OpenLink
        label={t.dashboard.stats.openWhat(label)}
        link={{ to: "/explorer", search: exactly(team.asked, fields) }}
      />
    );
  return (
    <div className={statClasses.stats}>
      <Stat
        label={words.active}
        value={team?.active_users.count}
        before={team?.active_users.before}
        counts={words.activeCounts}
        link={link(words.active, { action: "LOGIN", status: "SUCCESS" })}
      />
      <Stat
        label={words.total}
        value={team?.total_actions.count}
        before={team?.total_actions.before}
        counts={words.totalCounts}
        link={link(words.total, {})}
      />
      <Stat
        label={words.created}
        value={changes?.CREATE.count}
        before={changes?.CREATE.before}
        counts={words.createdCounts}
        link={link(words.created, { action: "CREATE" })}
      />
      <Stat
        label={words.updated}
        value={changes?.UPDATE.count}
        before={changes?.UPDATE.before}
        counts={words.updatedCounts}
        link={link(words.updated, { action: "UPDATE" })}
      />
      <Stat
        label={words.deleted}
        value={changes?.DELETE.count}
        before={changes?.DELETE.before}
        counts={words.deletedCounts}
        link={link(words.deleted, { action: "DELETE" })}
      />
    </div>
  );
}
