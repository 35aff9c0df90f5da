import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { appRoute } from "../../routing/roots";
import { readOneOf, readText } from "../../routing/search";
import { TABS, type Tab } from "./tabs";

export interface EventSearch {
  /** Which part is open; by default changes where there are any, else details. */
  tab?: Tab;
  /** The event that this one is compared with. */
  compare?: string;
}

export function validateEventSearch(raw: Record<string, unknown>): EventSearch {
  return { tab: readOneOf(raw.tab, TABS), compare: readText(raw.compare) };
}

const eventRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/events/$id",
  validateSearch: validateEventSearch,
  component: lazyRouteComponent(() => import("./EventPage"), "EventPage"),
});

export const eventsRoutes = [eventRoute] as const;
