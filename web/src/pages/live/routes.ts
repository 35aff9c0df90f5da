import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { appRoute } from "../../routing/roots";
import { validateExplorerSearch } from "../explorer/search";

/** Takes the Explorer's address, so that one can go from one to the other and back. */
const liveRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/live",
  validateSearch: validateExplorerSearch,
  component: lazyRouteComponent(() => import("./LivePage"), "LivePage"),
});

export const liveRoutes = [liveRoute] as const;
