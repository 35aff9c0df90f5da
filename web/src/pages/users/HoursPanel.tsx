import { Skeleton } from "@mantine/core";

import type { UserInsight } from "../../api/insight";
import { HeatMap } from "../../parts/HeatMap";
import { Panel } from "../../parts/Panel";
import { t } from "../../texts";
import { hoursText } from "./hours";
import classes from "./HoursPanel.module.css";

const words = t.users.overview;

/** When somebody works: by weekday and hour, and what is usual for them. */
export function HoursPanel({ insight }: { insight: UserInsight | undefined }) {
  const usual = insight && hoursText(insight.usual_hours);
  return (
    <Panel
      title={words.hours}
      counts={usual === "" ? words.usualNone : usual && words.usualTitle(usual)}
    >
      {insight === undefined ? (
        <Skeleton height={240} />
      ) : (
        <div className={classes.within}>
          <HeatMap
            counts={insight.hours}
            label={words.hours}
            caption={words.hoursCounts(insight.time_zone)}
            nameOf={t.users.events}
          />
        </div>
      )}
    </Panel>
  );
}
