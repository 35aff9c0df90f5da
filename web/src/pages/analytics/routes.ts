import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { appRoute } from "../../routing/roots";
import { validateAnalyticsSearch } from "./search";

const analyticsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/analytics",
  validateSearch: validateAnalyticsSearch,
  component: lazyRouteComponent(() => import("./AnalyticsPage"), "AnalyticsPage"),
});

export const analyticsRoutes = [analyticsRoute] as const;
