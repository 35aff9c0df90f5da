import { Drawer } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { eventQuery } from "../../api/event";
import { LoadingState } from "../../parts/LoadingState";
import { t } from "../../texts";
import { CompareEvents } from "./CompareEvents";
import { EventBody } from "./EventBody";
import { EventHeading } from "./EventHeading";
import { EventProblem } from "./EventProblem";
import { EventTools } from "./EventTools";
import { Distributing, type OnDistribution } from "./distributing";
import { Filtering, type OnFilter } from "./filtering";
import type { Tab } from "./tabs";

export interface EventDrawerProps {
  /** The event that is open; none closes the drawer. */
  eventId: string | null | undefined;
  onClose: () => void;
  /** What "filter for" and "filter out" do; without it they lead to the Explorer. */
  onFilter?: OnFilter;
  /** Where the distribution of a field is shown; without it, it is the Explorer. */
  onDistribution?: OnDistribution;
}

/** An event beside the page that it was found on. */
export function EventDrawer(props: EventDrawerProps) {
  const { eventId, onClose, onFilter, onDistribution } = props;
  // The last one stays while the drawer closes, so that it does not close empty.
  const [last, setLast] = useState(eventId ?? "");
  // From the context one may go on to other events, without the page knowing.
  const [visited, setVisited] = useState<string | null>(null);
  const [tab, setTab] = useState<Tab | undefined>(undefined);
  const [other, setOther] = useState<string | null>(null);
  if (eventId && eventId !== last) {
    setLast(eventId);
    setVisited(null);
  }
  const id = visited ?? last;
  const { data: event, error, refetch } = useQuery({ ...eventQuery(id), enabled: id !== "" });
  return (
    <>
      <Drawer.Root
        opened={Boolean(eventId)}
        onClose={onClose}
        position="right"
        size="lg"
        keepMounted={false}
      >
        <Drawer.Overlay backgroundOpacity={0.2} />
        <Drawer.Content aria-label={t.event.drawer}>
          {/* A `header` here would be a second banner of the page. */}
          <Drawer.Header component="div">
            <Drawer.Title>{event ? <EventHeading event={event} /> : t.event.title}</Drawer.Title>
            <Drawer.CloseButton aria-label={t.event.close} />
          </Drawer.Header>
          <Drawer.Body>
            {error !== null && (
              <EventProblem id={id} problem={error} retry={() => void refetch()} />
            )}
            {event === undefined && error === null && (
              <LoadingState rows={12} height={28} label={t.event.loading} />
            )}
            {event !== undefined && (
              <Distributing.Provider value={onDistribution ?? null}>
                <Filtering.Provider value={onFilter ?? null}>
                  <EventTools event={event} hasPageLink />
                  <EventBody
                    key={event.id}
                    event={event}
                    tab={tab}
                    onTab={setTab}
                    onOpen={setVisited}
                    onCompare={setOther}
                  />
                </Filtering.Provider>
              </Distributing.Provider>
            )}
          </Drawer.Body>
        </Drawer.Content>
      </Drawer.Root>
      <CompareEvents
        first={id}
        second={other}
        onClose={() => {
          setOther(null);
        }}
      />
    </>
  );
}
