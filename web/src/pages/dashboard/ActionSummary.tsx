import type { Dashboard } from "../../api/insight";
import { ActionBadge } from "../../look/ActionBadge";
import { actionLook } from "../../look/actions";
import { BarList } from "../../parts/BarList";
import { Panel } from "../../parts/Panel";
import { t } from "../../texts";
import { exactly } from "./explorerLink";
import { MoreLink } from "./MoreLink";

const words = t.dashboard.actions;
const MOST = 8;

interface ActionSummaryProps {
  data: Dashboard | undefined;
  userId: string | undefined;
}

/** Events by type of action, against the range before. */
export function ActionSummary({ data, userId }: ActionSummaryProps) {
  return (
    <Panel title={words.title} counts={words.counts}>
      <BarList
        isLoading={data === undefined}
        rows={MOST}
        empty={words.empty}
        items={(data?.actions ?? []).slice(0, MOST).map(({ value, count, before }) => ({
          key: value,
          label: <ActionBadge action={value} plain />,
          name: words.open(value),
          count,
          before,
          colour: actionLook(value).colour,
          link: data && {
            to: "/explorer",
            search: exactly(data.asked, { action: value, user_id: userId }),
          },
        }))}
      />
      {data && (
        <MoreLink
          hidden={data.distinct_actions - MOST}
          search={exactly(data.asked, { user_id: userId })}
        />
      )}
    </Panel>
  );
}
