import { SimpleGrid, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";

import { userInsightQuery } from "../../api/insight";
import { useMay, useMe } from "../../api/me";
import { ErrorState } from "../../parts/ErrorState";
import { RangeBar } from "../dashboard/RangeBar";
import { rangeOf, toSearch } from "../dashboard/search";
import { ActionsPanel } from "./ActionsPanel";
import { AddressesPanel } from "./AddressesPanel";
import { HoursPanel } from "./HoursPanel";
import classes from "./OverviewTab.module.css";
import { PlacesPanel } from "./PlacesPanel";
import { RiskPanel } from "./RiskPanel";
import { OVERVIEW_RANGE } from "./search";
import { UsedResourcesPanel } from "./UsedResourcesPanel";
import { UserStats } from "./UserStats";
import { UserTimeline } from "./UserTimeline";
import { ViewersPanel } from "./ViewersPanel";

const route = getRouteApi("/app/users/$userId/overview");

/** How somebody works: when, where, with what, and what speaks for a closer look. */
export function OverviewTab() {
  const { userId } = route.useParams();
  const range = rangeOf(route.useSearch(), OVERVIEW_RANGE);
  const navigate = route.useNavigate();
  const isOwn = useMe().user_id === userId;
  const mayView = useMay("user:view");
  const { data, error, refetch, isFetching } = useQuery(userInsightQuery(userId, range));
  return (
    <Stack gap="md">
      <RangeBar
        range={range}
        coverage={data?.coverage}
        isFetching={isFetching}
        onRefresh={() => void refetch()}
        onChange={(next) => {
          void navigate({ search: toSearch(next, OVERVIEW_RANGE) });
        }}
      />
      {error !== null && data === undefined ? (
        <ErrorState problem={error} retry={() => void refetch()} />
      ) : (
        <>
          <UserStats userId={userId} insight={data} />
          {mayView && <UserTimeline userId={userId} range={range} />}
          <div className={classes.wide}>
            <HoursPanel insight={data} />
            <RiskPanel insight={data} />
          </div>
          <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
            <ActionsPanel userId={userId} insight={data} />
            <UsedResourcesPanel userId={userId} insight={data} />
          </SimpleGrid>
          <div className={classes.wide}>
            <PlacesPanel insight={data} />
            <AddressesPanel userId={userId} insight={data} />
          </div>
        </>
      )}
      {isOwn && <ViewersPanel userId={userId} />}
    </Stack>
  );
}
