import { SimpleGrid, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";

import { userAccessQuery } from "../../api/access_at";
import { ErrorState } from "../../parts/ErrorState";
import { LoadingState } from "../../parts/LoadingState";
import { Panel } from "../../parts/Panel";
import { t } from "../../texts";
import { EventDrawer } from "../events/EventDrawer";
import { ChangeList } from "./ChangeList";
import { FactCard } from "./FactCard";
import { KeysPanel } from "./KeysPanel";
import { LogNote } from "./LogNote";
import { MomentPicker } from "./MomentPicker";
import type { AccessSearch } from "./search";

const route = getRouteApi("/app/users/$userId/access");
const words = t.users.access;

/** What a user could do at a moment, and what changed that. */
export function AccessTab() {
  const { userId } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data, error, refetch } = useQuery(userAccessQuery(userId, search.at));
  const go = (next: AccessSearch) => {
    void navigate({ search: next });
  };
  const open = (event: string) => {
    go({ ...search, event });
  };
  return (
    <Stack gap="md">
      <MomentPicker
        value={search.at}
        onChange={(at) => {
          go({ at });
        }}
      />
      {error !== null && data === undefined ? (
        <ErrorState problem={error} retry={() => void refetch()} />
      ) : data === undefined ? (
        <LoadingState rows={8} height={40} />
      ) : (
        <>
          <LogNote log={data.log} />
          <Panel title={words.title} counts={words.counts}>
            <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="md">
              <FactCard label={words.role} fact={data.role} onOpen={open} />
              <FactCard label={words.status} fact={data.status} onOpen={open} />
              <FactCard label={words.permissions} fact={data.permissions} onOpen={open} />
            </SimpleGrid>
          </Panel>
          <KeysPanel keys={data.keys} onOpen={open} />
          <Panel title={words.changes} counts={words.changesCounts}>
            <ChangeList
              changes={data.changes}
              next={data.next_change}
              empty={words.changesEmpty}
              onOpen={open}
            />
          </Panel>
        </>
      )}
      <EventDrawer
        eventId={search.event ?? null}
        onClose={() => {
          go({ at: search.at });
        }}
      />
    </Stack>
  );
}
