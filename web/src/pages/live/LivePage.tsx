import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { keepEvent, type Event } from "../../api/event";
import { useMay } from "../../api/me";
import { NoPermission } from "../../parts/NoPermission";
import { PageHeader } from "../../parts/PageHeader";
import { t } from "../../texts";
import { EventDrawer } from "../events/EventDrawer";
import { ExplorerContext } from "../explorer/ExplorerContext";
import { FilterChips } from "../explorer/FilterChips";
import { SearchBar } from "../explorer/SearchBar";
import { useExplorerState } from "../explorer/useExplorerState";
import classes from "./Live.module.css";
import { LiveFeed } from "./LiveFeed";

/** Everything that happens, as it is committed; filtered as the Explorer is. */
export function LivePage() {
  const mayFollow = useMay("user:view");
  const explorer = useExplorerState(undefined);
  const [attempt, setAttempt] = useState(0);
  const { q, search, set, filterFor, filterOut } = explorer;
  const client = useQueryClient();
  const open = (event: Event) => {
    keepEvent(client, event);
    set({ event: event.id });
  };
  if (!mayFollow) {
    return (
      <div className="tk-page">
        <PageHeader title={t.live.title} />
        <NoPermission permission="user:view" />
      </div>
    );
  }
  return (
    <ExplorerContext value={explorer}>
      <div className="tk-page">
        <PageHeader title={t.live.title} description={t.live.description} />
        <div className={classes.search}>
          <SearchBar />
        </div>
        <FilterChips />
        <LiveFeed
          // Another query is another feed: nothing of the one before is shown under its name.
          key={`${String(attempt)} ${q}`}
          q={q}
          onOpen={open}
          onRetry={() => {
            setAttempt(attempt + 1);
          }}
        />
        <EventDrawer
          eventId={search.event}
          onClose={() => {
            set({ event: undefined });
          }}
          onFilter={(field, value, isOut) => {
            (isOut ? filterOut : filterFor)(field, value);
          }}
        />
      </div>
    </ExplorerContext>
  );
}
