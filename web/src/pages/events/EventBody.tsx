import { Tabs } from "@mantine/core";

import type { Event } from "../../api/event";
import { t } from "../../texts";
import { Changes } from "./Changes";
import { changesOf } from "./changesOf";
import { Context } from "./Context";
import { Details } from "./Details";
import classes from "./Event.module.css";
import { EventFacts } from "./EventFacts";
import { FewDetails } from "./FewDetails";
import { RawJson } from "./RawJson";
import { TABS, type Tab } from "./tabs";

interface EventBodyProps {
  event: Event;
  /** Undefined: changes where there are any, else details. */
  tab: Tab | undefined;
  onTab: (tab: Tab) => void;
  onOpen: (id: string) => void;
  onCompare: (id: string) => void;
}

/** All that is known of an event: who, what, when, where, how; changes, details, context, JSON. */
export function EventBody({ event, tab, onTab, onOpen, onCompare }: EventBodyProps) {
  const changes = changesOf(event.details).length;
  const shown = tab ?? (changes > 0 ? "changes" : "details");
  return (
    <div className={classes.room}>
      <div className={classes.columns}>
        <div className={classes.column}>
          <EventFacts event={event} />
          <FewDetails event={event} />
        </div>
        <Tabs
          className={classes.column}
          value={shown}
          onChange={(value) => {
            onTab(TABS.find((each) => each === value) ?? "details");
          }}
          keepMounted={false}
        >
          <Tabs.List>
            {TABS.map((each) => (
              <Tabs.Tab key={each} value={each}>
                {t.event.tabs[each]}
                {each === "changes" && changes > 0 ? ` (${String(changes)})` : ""}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value="changes" pt="sm">
            <Changes event={event} />
          </Tabs.Panel>
          <Tabs.Panel value="details" pt="sm">
            <Details event={event} />
          </Tabs.Panel>
          <Tabs.Panel value="context" pt="sm">
            <Context key={event.id} event={event} onOpen={onOpen} onCompare={onCompare} />
          </Tabs.Panel>
          <Tabs.Panel value="raw" pt="sm">
            <RawJson event={event} />
          </Tabs.Panel>
        </Tabs>
      </div>
    </div>
  );
}
