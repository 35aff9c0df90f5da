import { SegmentedControl, Skeleton } from "@mantine/core";

import type { Team } from "../../api/insight";
import { EmptyState } from "../../parts/EmptyState";
import { Panel } from "../../parts/Panel";
import { t } from "../../texts";
import { DateBars } from "./DateBars";
import { PERIODS, type Period } from "./search";

const words = t.analytics.active;
const LISTS = { day: "daily", week: "weekly", month: "monthly" } as const;

interface ActiveUsersProps {
  team: Team | undefined;
  per: Period;
  onPer: (per: Period) => void;
}

/** How many people signed in, by day, week or month. */
export function ActiveUsers({ team, per, onPer }: ActiveUsersProps) {
  const counts = team?.active_users[LISTS[per]];
  return (
    <Panel
      title={words.title}
      counts={team && words.counts(words.perWord[per], team.time_zone)}
      actions={
        <SegmentedControl
          size="xs"
          aria-label={words.per}
          value={per}
          data={PERIODS.map((value) => ({ value, label: words[value] }))}
          onChange={(value) => {
            onPer(value);
          }}
        />
      }
    >
      {counts === undefined ? (
        <Skeleton height={232} />
      ) : counts.every((each) => each.count === 0) ? (
        <EmptyState title={words.empty} isCompact />
      ) : (
        <DateBars counts={counts} label={words.label} />
      )}
    </Panel>
  );
}
