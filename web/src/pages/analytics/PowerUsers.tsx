import type { Team } from "../../api/insight";
import { BarList } from "../../parts/BarList";
import { Panel } from "../../parts/Panel";
import { Plain } from "../../parts/Plain";
import { visibleText } from "../../parts/plainText";
import { t } from "../../texts";
import { activityLink } from "../users/activityLink";
import { nameOf } from "../users/who";

const words = t.analytics.power;
const MOST = 12;

/** The most active people; each leads to exactly the events that were counted. */
export function PowerUsers({ team }: { team: Team | undefined }) {
  return (
    <Panel title={words.title} counts={words.counts}>
      <BarList
        isLoading={team === undefined}
        rows={MOST}
        empty={words.empty}
        items={(team?.power_users ?? []).slice(0, MOST).map((user) => ({
          key: user.user_id,
          label: <Plain text={nameOf(user)} isTruncated />,
          name: words.open(visibleText(nameOf(user))),
          count: user.count,
          before: user.before,
          link: team && activityLink(user.user_id, team.asked),
        }))}
      />
    </Panel>
  );
}
