import type { Dashboard } from "../../api/insight";
import { ResourceIcon } from "../../look/ResourceIcon";
import { BarList } from "../../parts/BarList";
import { Panel } from "../../parts/Panel";
import { Plain } from "../../parts/Plain";
import { visibleText } from "../../parts/plainText";
import { t } from "../../texts";
import { exactly } from "./explorerLink";
import { MoreLink } from "./MoreLink";

const words = t.dashboard.breakdown;
const MOST = 8;

interface ResourceBreakdownProps {
  data: Dashboard | undefined;
  userId: string | undefined;
}

/** Events by type of resource, with their share of all. */
export function ResourceBreakdown({ data, userId }: ResourceBreakdownProps) {
  return (
    <Panel title={words.title} counts={words.counts}>
      <BarList
        isLoading={data === undefined}
        rows={MOST}
        total={data?.total.count}
        empty={words.empty}
        items={(data?.resource_types ?? []).slice(0, MOST).map(({ value, count, before }) => ({
          key: value,
          label: (
            <>
              <ResourceIcon type={value} />
              <Plain text={value} isTruncated />
            </>
          ),
          name: words.open(visibleText(value)),
          count,
          before,
          link: data && {
            to: "/explorer",
            search: exactly(data.asked, { resource_type: value, user_id: userId }),
          },
        }))}
      />
      {data && (
        <MoreLink
          hidden={data.distinct_resource_types - MOST}
          search={exactly(data.asked, { user_id: userId })}
        />
      )}
    </Panel>
  );
}
