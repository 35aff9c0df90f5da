import type { UserInsight } from "../../api/insight";
import { ActionBadge } from "../../look/ActionBadge";
import { actionLook } from "../../look/actions";
import { BarList } from "../../parts/BarList";
import { Panel } from "../../parts/Panel";
import { t } from "../../texts";
import { activityLink } from "./activityLink";

const words = t.users.overview;
const MOST = 8;

interface ActionsPanelProps {
  userId: string;
  insight: UserInsight | undefined;
}

/** What somebody did, counted by type of action. */
export function ActionsPanel({ userId, insight }: ActionsPanelProps) {
  return (
    <Panel title={words.actions} counts={words.actionsCounts}>
      <BarList
        isLoading={insight === undefined}
        rows={MOST}
        empty={t.dashboard.actions.empty}
        items={(insight?.actions ?? []).slice(0, MOST).map(({ value, count, before }) => ({
          key: value,
          label: <ActionBadge action={value} plain />,
          name: t.dashboard.actions.open(value),
          count,
          before,
          colour: actionLook(value).colour,
          link: insight && activityLink(userId, insight.asked, { action: value }),
        }))}
      />
    </Panel>
  );
}
