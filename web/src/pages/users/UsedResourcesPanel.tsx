import type { UserInsight } from "../../api/insight";
import { ResourceIcon } from "../../look/ResourceIcon";
import { BarList } from "../../parts/BarList";
import { Panel } from "../../parts/Panel";
import { Plain } from "../../parts/Plain";
import { visibleText } from "../../parts/plainText";
import { t } from "../../texts";
import { activityLink } from "./activityLink";

const words = t.users.overview;
const MOST = 8;

interface UsedResourcesPanelProps {
  userId: string;
  insight: UserInsight | undefined;
}

/** What somebody works with most. */
export function UsedResourcesPanel({ userId, insight }: UsedResourcesPanelProps) {
  return (
    <Panel title={words.resources} counts={words.resourcesCounts}>
      <BarList
        isLoading={insight === undefined}
        rows={MOST}
        empty={words.resourcesEmpty}
        items={(insight?.resources ?? []).slice(0, MOST).map((each) => {
          const name = each.resource_name ?? each.resource_id;
          return {
            key: `${each.resource_type} ${each.resource_id}`,
            label: (
              <>
                <ResourceIcon type={each.resource_type} />
                <span className="tk-dim">{each.resource_type}</span>
                <Plain text={name} isTruncated />
              </>
            ),
            name: words.openResource(visibleText(name)),
            count: each.count,
            link:
              insight &&
              activityLink(userId, insight.asked, {
                resource_type: each.resource_type,
                resource_id: each.resource_id,
              }),
          };
        })}
      />
    </Panel>
  );
}
