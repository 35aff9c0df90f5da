import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";

import { dashboardQuery } from "../../api/insight";
import { useMe } from "../../api/me";
import { userQuery } from "../../api/users";
import { ErrorState } from "../../parts/ErrorState";
import { PageHeader } from "../../parts/PageHeader";
import { visibleText } from "../../parts/plainText";
import { UserPicker } from "../../parts/UserPicker";
import { t } from "../../texts";
import { useZone } from "../../time/zone";
import { EventDrawer } from "../events/EventDrawer";
import { nameOf } from "../users/who";
import { ActionSummary } from "./ActionSummary";
import classes from "./DashboardBody.module.css";
import { DashboardStats } from "./DashboardStats";
import { exactly } from "./explorerLink";
import { NeedsAttention } from "./NeedsAttention";
import { RangeBar } from "./RangeBar";
import { RecentActions } from "./RecentActions";
import { ResourceBreakdown } from "./ResourceBreakdown";
import { DASHBOARD_RANGE, rangeOf, toSearch, type DashboardSearch } from "./search";
import { TimelinePanel } from "./TimelinePanel";

const route = getRouteApi("/app/");

/** The dashboard of everyone or of one person, for the range in the address. */
export function DashboardBody() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const range = rangeOf(search, DASHBOARD_RANGE);
  const { zone } = useZone();
  const { organization } = useMe();
  const counted = useQuery(dashboardQuery(range, zone, search.user));
  const chosen = useQuery({ ...userQuery(search.user ?? ""), enabled: search.user !== undefined });
  const go = (next: DashboardSearch) => {
    void navigate({ search: next });
  };
  const { data, error } = counted;
  const retry = () => void counted.refetch();
  return (
    <>
      <PageHeader
        title={t.dashboard.title}
        description={
          search.user === undefined
            ? t.dashboard.description(organization.name)
            : t.dashboard.descriptionOfOne(
                visibleText(chosen.data ? nameOf(chosen.data) : search.user),
              )
        }
        actions={
          <div className={classes.scope}>
            <UserPicker
              label={t.dashboard.scope}
              placeholder={t.dashboard.everyone}
              value={search.user}
              isCompact
              onChange={(user) => {
                go({ ...search, user });
              }}
            />
          </div>
        }
      />
      <Stack gap="md">
        <RangeBar
          range={range}
          coverage={data?.coverage}
          isFetching={counted.isFetching}
          onRefresh={retry}
          onChange={(next) => {
            go({ user: search.user, reads: search.reads, ...toSearch(next, DASHBOARD_RANGE) });
          }}
        />
        {error !== null && data === undefined ? (
          <ErrorState problem={error} retry={retry} />
        ) : (
          <>
            <DashboardStats data={data} userId={search.user} />
            <TimelinePanel
              title={t.dashboard.timeline.title}
              data={data}
              problem={error}
              onRetry={retry}
              onBrush={(from, to) => {
                void navigate({
                  to: "/explorer",
                  search: exactly({ start_date: from, end_date: to }, { user_id: search.user }),
                });
              }}
            />
            <div className={classes.three}>
              <ActionSummary data={data} userId={search.user} />
              <ResourceBreakdown data={data} userId={search.user} />
              <NeedsAttention />
            </div>
          </>
        )}
        <RecentActions
          key={`${search.user ?? ""} ${String(search.reads)}`}
          userId={search.user}
          withReads={search.reads === true}
          onReads={(isOn) => {
            go({ ...search, reads: isOn ? true : undefined });
          }}
          onOpen={(event) => {
            go({ ...search, event });
          }}
        />
      </Stack>
      <EventDrawer
        eventId={search.event ?? null}
        onClose={() => {
          go({ ...search, event: undefined });
        }}
      />
    </>
  );
}
