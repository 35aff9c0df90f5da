import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { appRoute } from "../../routing/roots";
import { validateExplorerSearch } from "../explorer/search";
import { validateResourceAccessSearch, validateResourcesSearch } from "./search";

const resourcesRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/resources",
  validateSearch: validateResourcesSearch,
  component: lazyRouteComponent(() => import("./ResourcesPage"), "ResourcesPage"),
});

const resourceRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/resources/$type/$id",
  component: lazyRouteComponent(() => import("./ResourcePage"), "ResourcePage"),
});

const historyRoute = createRoute({
  getParentRoute: () => resourceRoute,
  path: "/",
  validateSearch: validateExplorerSearch,
  component: lazyRouteComponent(() => import("./HistoryTab"), "HistoryTab"),
});

const accessRoute = createRoute({
  getParentRoute: () => resourceRoute,
  path: "access",
  validateSearch: validateResourceAccessSearch,
  component: lazyRouteComponent(() => import("./ResourceAccessTab"), "ResourceAccessTab"),
});

export const resourcesRoutes = [
  resourcesRoute,
  resourceRoute.addChildren([historyRoute, accessRoute]),
] as const;
