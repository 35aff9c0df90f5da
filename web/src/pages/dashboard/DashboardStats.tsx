import { useQuery } from "@tanstack/react-query";

import { countsQuery } from "../../api/detections";
import type { Dashboard } from "../../api/insight";
import { useMay } from "../../api/me";
import { Stat } from "../../parts/Stat";
import { t } from "../../texts";
import classes from "./DashboardStats.module.css";
import { exactly } from "./explorerLink";
import { OpenLink } from "./OpenLink";

const words = t.dashboard.stats;
const CHANGES = ["CREATE", "UPDATE", "DELETE"];

interface DashboardStatsProps {
  /** Undefined while it loads. */
  data: Dashboard | undefined;
  userId: string | undefined;
}

/** The numbers at the top, each against the range before and with the way to its events. */
export function DashboardStats({ data, userId }: DashboardStatsProps) {
  const maySeeDetections = useMay("detection:view");
  const detections = useQuery({
    ...countsQuery({ state: ["open"], about: userId }),
    enabled: maySeeDetections,
  });
  const link = (label: string, fields: Parameters<typeof exactly>[1]) =>
    data && (
      <OpenLink
        label={words.openWhat(label)}
        link={{ to: "/explorer", search: exactly(data.asked, { ...fields, user_id: userId }) }}
      />
    );
  return (
    <div className={classes.stats}>
      <Stat
        label={words.total}
        value={data?.total.count}
        before={data?.total.before}
        counts={words.totalCounts}
        link={link(words.total, {})}
      />
      <Stat
        label={words.activeUsers}
        value={data?.active_users.count}
        before={data?.active_users.before}
        counts={words.activeUsersCounts}
        link={link(words.activeUsers, { action: "LOGIN", status: "SUCCESS" })}
      />
      <Stat
        label={words.changes}
        value={data?.resource_changes.count}
        before={data?.resource_changes.before}
        counts={words.changesCounts}
        link={link(words.changes, { action: CHANGES })}
      />
      <Stat
        label={words.failedSignIns}
        value={data?.failed_sign_ins.count}
        before={data?.failed_sign_ins.before}
        goodWhen="down"
        counts={words.failedSignInsCounts}
        link={userId === undefined && link(words.failedSignIns, { action: "LOGIN_FAILED" })}
      />
      {maySeeDetections && (
        <Stat
          label={words.openDetections}
          value={detections.data?.by_state.open ?? (detections.data && 0)}
          counts={words.openDetectionsCounts}
          link={
            <OpenLink label={words.openWhat(words.openDetections)} link={{ to: "/security" }} />
          }
        />
      )}
    </div>
  );
}
