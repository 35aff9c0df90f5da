import { lazy, Suspense, useEffect, useState } from "react";

import { useExplorer } from "./ExplorerContext";

export interface ExplorerDialogsProps {
  /** The rows are there: what may be opened next can be fetched. */
  isReady: boolean;
}

const drawer = () => import("../events/EventDrawer");
const comparison = () => import("../events/CompareEvents");
// Not part of the first load: nothing of them is seen before something is opened.
const EventDrawer = lazy(async () => ({ default: (await drawer()).EventDrawer }));
const CompareEvents = lazy(async () => ({ default: (await comparison()).CompareEvents }));

/** The open event, and two events side by side: both are in the address. */
export function ExplorerDialogs({ isReady }: ExplorerDialogsProps) {
  const { search, set, filterFor, filterOut } = useExplorer();
  const isDrawer = search.event !== undefined;
  const isComparison = search.compare !== undefined;
  // What was opened once stays, so that it is seen closing.
  const [opened, setOpened] = useState({ isDrawer, isComparison });
  if ((isDrawer && !opened.isDrawer) || (isComparison && !opened.isComparison)) {
    setOpened({
      isDrawer: isDrawer || opened.isDrawer,
      isComparison: isComparison || opened.isComparison,
    });
  }
  useEffect(() => {
    if (isReady) void drawer();
  }, [isReady]);
  return (
    <Suspense fallback={null}>
      {opened.isDrawer && (
        <EventDrawer
          eventId={search.event}
          onClose={() => {
            set({ event: undefined });
          }}
          onFilter={(field, value, isOut) => {
            if (isOut) filterOut(field, value);
            else filterFor(field, value);
          }}
        />
      )}
      {opened.isComparison && (
        <CompareEvents
          first={search.compare?.[0]}
          second={search.compare?.[1]}
          onClose={() => {
            set({ compare: undefined });
          }}
        />
      )}
    </Suspense>
  );
}
