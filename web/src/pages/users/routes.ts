import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";

import { appRoute } from "../../routing/roots";
import { validateExplorerSearch } from "../explorer/search";
import { validateAccessSearch, validateOverviewSearch, validateUsersSearch } from "./search";

const usersRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/users",
  validateSearch: validateUsersSearch,
  component: lazyRouteComponent(() => import("./UsersPage"), "UsersPage"),
});

const profileRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/users/$userId",
  component: lazyRouteComponent(() => import("./ProfilePage"), "ProfilePage"),
});

const profileIndexRoute = createRoute({
  getParentRoute: () => profileRoute,
  path: "/",
  beforeLoad: ({ params }) => {
    throw redirect({ to: "/users/$userId/overview", params, replace: true });
  },
});

const overviewRoute = createRoute({
  getParentRoute: () => profileRoute,
  path: "overview",
  validateSearch: validateOverviewSearch,
  component: lazyRouteComponent(() => import("./OverviewTab"), "OverviewTab"),
});

const activityRoute = createRoute({
  getParentRoute: () => profileRoute,
  path: "activity",
  validateSearch: validateExplorerSearch,
  component: lazyRouteComponent(() => import("./ActivityTab"), "ActivityTab"),
});

const sessionsRoute = createRoute({
  getParentRoute: () => profileRoute,
  path: "sessions",
  component: lazyRouteComponent(() => import("./SessionsTab"), "SessionsTab"),
});

const accessRoute = createRoute({
  getParentRoute: () => profileRoute,
  path: "access",
  validateSearch: validateAccessSearch,
  component: lazyRouteComponent(() => import("./AccessTab"), "AccessTab"),
});

const detectionsRoute = createRoute({
  getParentRoute: () => profileRoute,
  path: "detections",
  component: lazyRouteComponent(() => import("./DetectionsTab"), "DetectionsTab"),
});

export const usersRoutes = [
  usersRoute,
  profileRoute.addChildren([
    profileIndexRoute,
    overviewRoute,
    activityRoute,
    sessionsRoute,
    accessRoute,
    detectionsRoute,
  ]),
] as const;
