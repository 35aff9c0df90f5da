import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";

import { dashboardQuery } from "../../api/insight";
import { t } from "../../texts";
import type { Range } from "../../time/range";
import { useZone } from "../../time/zone";
import { TimelinePanel } from "../dashboard/TimelinePanel";

interface UserTimelineProps {
  userId: string;
  range: Range;
}

/** What a user did over time; a marked part opens in their Activity. */
export function UserTimeline({ userId, range }: UserTimelineProps) {
  const navigate = useNavigate();
  const { zone } = useZone();
  const { data, error, refetch } = useQuery(dashboardQuery(range, zone, userId));
  return (
    <TimelinePanel
      title={t.users.overview.timeline}
      data={data}
      problem={error}
      onRetry={() => void refetch()}
      onBrush={(from, to) => {
        void navigate({
          to: "/users/$userId/activity",
          params: { userId },
          search: { range: "custom", from, to },
        });
      }}
    />
  );
}
