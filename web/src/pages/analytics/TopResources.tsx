import type { ResourceUse } from "../../api/insight";
import { ResourceIcon } from "../../look/ResourceIcon";
import { BarList } from "../../parts/BarList";
import { Panel } from "../../parts/Panel";
import { Plain } from "../../parts/Plain";
import { visibleText } from "../../parts/plainText";
import { t } from "../../texts";

const words = t.analytics.resources;
const MOST = 8;

interface TopResourcesProps {
  title: string;
  counts: string;
  items: readonly ResourceUse[] | undefined;
}

/** The resources of one type with the most events, and by how many people. */
export function TopResources({ title, counts, items }: TopResourcesProps) {
  return (
    <Panel title={title} counts={counts}>
      <BarList
        isLoading={items === undefined}
        rows={MOST}
        empty={words.empty}
        items={(items ?? []).slice(0, MOST).map((each) => {
          const name = each.resource_name ?? each.resource_id;
          return {
            key: each.resource_id,
            label: (
              <>
                <ResourceIcon type={each.resource_type} />
                <Plain text={name} isTruncated />
                <span className="tk-dim">{words.people(each.users)}</span>
              </>
            ),
            name: words.open(visibleText(name)),
            count: each.count,
            before: each.before,
            link: {
              to: "/resources/$type/$id",
              params: { type: each.resource_type, id: each.resource_id },
            },
          };
        })}
      />
    </Panel>
  );
}
