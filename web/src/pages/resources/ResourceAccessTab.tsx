import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";

import { resourceAccessQuery } from "../../api/access_at";
import { ErrorState } from "../../parts/ErrorState";
import { LoadingState } from "../../parts/LoadingState";
import { Panel } from "../../parts/Panel";
import { UserPicker } from "../../parts/UserPicker";
import { t } from "../../texts";
import { EventDrawer } from "../events/EventDrawer";
import { ChangeList } from "../users/ChangeList";
import { LogNote } from "../users/LogNote";
import { MomentPicker } from "../users/MomentPicker";
import { AccountPanel } from "./AccountPanel";
import { HeldPanel } from "./HeldPanel";
import { LostPanel } from "./LostPanel";
import classes from "./ResourceAccessTab.module.css";
import type { ResourceAccessSearch } from "./search";

const route = getRouteApi("/app/resources/$type/$id/access");
const words = t.resources.access;

/** Who had access at a moment; of one person, also why they had none. */
export function ResourceAccessTab() {
  const { type, id } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const query = resourceAccessQuery(type, id, search.at, search.user);
  const { data, error, refetch } = useQuery(query);
  const go = (next: ResourceAccessSearch) => {
    void navigate({ search: next });
  };
  const open = (event: string) => {
    go({ ...search, event });
  };
  return (
    <Stack gap="md">
      <div className={classes.asked}>
        <MomentPicker
          value={search.at}
          onChange={(at) => {
            go({ ...search, at });
          }}
        />
        <div className={classes.person}>
          <UserPicker
            label={words.person}
            placeholder={words.personHint}
            value={search.user}
            onChange={(user) => {
              go({ ...search, user });
            }}
          />
        </div>
      </div>
      {error !== null && data === undefined ? (
        <ErrorState problem={error} retry={() => void refetch()} />
      ) : data === undefined ? (
        <LoadingState rows={8} height={40} />
      ) : (
        <>
          <LogNote log={data.log} />
          {data.lost_by !== null && <LostPanel change={data.lost_by} onOpen={open} />}
          <HeldPanel access={data} onOpen={open} />
          {data.account !== null && <AccountPanel account={data.account} onOpen={open} />}
          <Panel title={t.users.access.changes} counts={t.users.access.changesCounts}>
            <ChangeList
              changes={data.changes}
              next={data.next_change}
              empty={t.users.access.changesEmpty}
              onOpen={open}
            />
          </Panel>
        </>
      )}
      <EventDrawer
        eventId={search.event ?? null}
        onClose={() => {
          go({ ...search, event: undefined });
        }}
      />
    </Stack>
  );
}
