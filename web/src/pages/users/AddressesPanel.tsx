import type { UserInsight } from "../../api/insight";
import { BarList } from "../../parts/BarList";
import { Panel } from "../../parts/Panel";
import { Plain } from "../../parts/Plain";
import { t } from "../../texts";
import { activityLink } from "./activityLink";

const words = t.users.overview;
const MOST = 12;

interface AddressesPanelProps {
  userId: string;
  insight: UserInsight | undefined;
}

/** The addresses that somebody acted from. */
export function AddressesPanel({ userId, insight }: AddressesPanelProps) {
  return (
    <Panel title={words.addresses} counts={words.addressesCounts}>
      <BarList
        isLoading={insight === undefined}
        rows={MOST}
        empty={words.addressesEmpty}
        items={(insight?.addresses ?? []).slice(0, MOST).map(({ ip_address, count }) => ({
          key: ip_address,
          label: <Plain text={ip_address} isMono isTruncated />,
          name: words.openAddress(ip_address),
          count,
          link: insight && activityLink(userId, insight.asked, { ip_address }),
        }))}
      />
    </Panel>
  );
}
