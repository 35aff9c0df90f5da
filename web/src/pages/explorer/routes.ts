import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";

import { appRoute } from "../../routing/roots";
import { validateExplorerSearch } from "./search";

const explorerRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/explorer",
  validateSearch: validateExplorerSearch,
  component: lazyRouteComponent(() => import("./ExplorerPage"), "ExplorerPage"),
});

/** Where links of older mails lead. */
const activityRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/activity",
  validateSearch: validateExplorerSearch,
  beforeLoad: ({ search }) => {
    throw redirect({ to: "/explorer", search, replace: true });
  },
});

export const explorerRoutes = [explorerRoute, activityRoute] as const;
