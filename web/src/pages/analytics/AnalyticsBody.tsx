import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";

import { teamQuery } from "../../api/insight";
import { ErrorState } from "../../parts/ErrorState";
import { t } from "../../texts";
import { RangeBar } from "../dashboard/RangeBar";
import { rangeOf, toSearch } from "../dashboard/search";
import { ActiveUsers } from "./ActiveUsers";
import classes from "./AnalyticsBody.module.css";
import { Features } from "./Features";
import { InactiveUsers } from "./InactiveUsers";
import { PeakTimes } from "./PeakTimes";
import { PowerUsers } from "./PowerUsers";
import { ANALYTICS_RANGE, USUAL_INACTIVE_DAYS } from "./search";
import { TeamStats } from "./TeamStats";
import { TopResources } from "./TopResources";

const route = getRouteApi("/app/analytics");
const words = t.analytics.resources;

/** All that is counted of a team, for the range in the address. */
export function AnalyticsBody() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const range = rangeOf(search, ANALYTICS_RANGE);
  const inactiveDays = search.inactive ?? USUAL_INACTIVE_DAYS;
  const { data, error, refetch, isFetching } = useQuery(teamQuery(range, inactiveDays));
  const retry = () => void refetch();
  return (
    <Stack gap="md">
      <RangeBar
        range={range}
        coverage={data?.coverage}
        isFetching={isFetching}
        onRefresh={retry}
        onChange={(next) => {
          void navigate({
            search: {
              per: search.per,
              inactive: search.inactive,
              ...toSearch(next, ANALYTICS_RANGE),
            },
          });
        }}
      />
      {error !== null && data === undefined ? (
        <ErrorState problem={error} retry={retry} />
      ) : (
        <>
          <TeamStats team={data} />
          <div className={classes.two}>
            <ActiveUsers
              team={data}
              per={search.per ?? "day"}
              onPer={(per) => {
                void navigate({ search: { ...search, per: per === "day" ? undefined : per } });
              }}
            />
            <InactiveUsers
              team={data}
              days={inactiveDays}
              onDays={(days) => {
                const inactive = days === USUAL_INACTIVE_DAYS ? undefined : days;
                void navigate({ search: { ...search, inactive } });
              }}
            />
          </div>
          <PeakTimes team={data} />
          <div className={classes.two}>
            <Features team={data} />
            <PowerUsers team={data} />
          </div>
          <div className={classes.two}>
            <TopResources
              title={words.projects}
              counts={words.projectsCounts}
              items={data?.most_changed_projects}
            />
            <TopResources
              title={words.models}
              counts={words.modelsCounts}
              items={data?.most_accessed_models}
            />
            <TopResources
              title={words.endpoints}
              counts={words.endpointsCounts}
              items={data?.most_used_endpoints}
            />
            <TopResources
              title={words.clusters}
              counts={words.clustersCounts}
              items={data?.active_clusters}
            />
          </div>
        </>
      )}
    </Stack>
  );
}
