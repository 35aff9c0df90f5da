import { Skeleton } from "@mantine/core";

import type { Team } from "../../api/insight";
import { HeatMap } from "../../parts/HeatMap";
import { Panel } from "../../parts/Panel";
import { t } from "../../texts";
import { busiest } from "./busiest";

const words = t.analytics.peak;

/** When the team works, by the organization's clock. */
export function PeakTimes({ team }: { team: Team | undefined }) {
  const peak = team && busiest(team.peak_times);
  const { weekdays, hour } = t.parts.heat;
  return (
    <Panel
      title={words.title}
      counts={
        peak === null
          ? words.empty
          : peak &&
            words.busiest(
              weekdays[peak.weekday] ?? "",
              hour(peak.hour),
              hour(peak.hour + 1),
              peak.count,
            )
      }
    >
      {team === undefined ? (
        <Skeleton height={240} />
      ) : (
        <HeatMap
          counts={team.peak_times}
          label={words.title}
          caption={words.counts(team.time_zone)}
          nameOf={t.users.events}
        />
      )}
    </Panel>
  );
}
