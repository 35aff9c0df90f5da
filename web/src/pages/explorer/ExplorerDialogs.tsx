import { lazy, Suspense, useState } from "react";

import { usePrefetch } from "../../shell/usePrefetch";
import { useExplorer } from "./ExplorerContext";

const drawer = () => import("../events/EventDrawer");
const comparison = () => import("../events/CompareEvents");
const distribution = () => import("./Distribution");
// Not part of the first load: nothing of them is seen before something is opened.
const EventDrawer = lazy(async () => ({ default: (await drawer()).EventDrawer }));
const CompareEvents = lazy(async () => ({ default: (await comparison()).CompareEvents }));
const Distribution = lazy(async () => ({ default: (await distribution()).Distribution }));

/** The open event, and two events side by side: both are in the address. */
export function ExplorerDialogs() {
  const { search, set, filterFor, filterOut } = useExplorer();
  const isDrawer = search.event !== undefined;
  const isComparison = search.compare !== undefined;
  const isDistribution = search.distribution !== undefined;
  // What was opened once stays, so that it is seen closing.
  const [opened, setOpened] = useState({ isDrawer, isComparison, isDistribution });
  if (
    (isDrawer && !opened.isDrawer) ||
    (isComparison && !opened.isComparison) ||
    (isDistribution && !opened.isDistribution)
  ) {
    setOpened({
      isDrawer: isDrawer || opened.isDrawer,
      isComparison: isComparison || opened.isComparison,
      isDistribution: isDistribution || opened.isDistribution,
    });
  }
  usePrefetch(drawer);
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
          onDistribution={(field) => {
            set({ distribution: field });
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
      {opened.isDistribution && <Distribution field={search.distribution} />}
    </Suspense>
  );
}
