import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { appRoute } from "../../routing/roots";
import { validateDashboardSearch } from "./search";

const dashboardRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/",
  validateSearch: validateDashboardSearch,
  component: lazyRouteComponent(() => import("./DashboardPage"), "DashboardPage"),
});

export const dashboardRoutes = [dashboardRoute] as const;
