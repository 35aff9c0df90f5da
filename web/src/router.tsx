import { createRouter } from "@tanstack/react-router";

import { queryClient } from "./api/queryClient";
import { analyticsRoutes } from "./pages/analytics/routes";
import { dashboardRoutes } from "./pages/dashboard/routes";
import { eventsRoutes } from "./pages/events/routes";
import { explorerRoutes } from "./pages/explorer/routes";
import { liveRoutes } from "./pages/live/routes";
import { notificationSettingsPages, notificationsRoutes } from "./pages/notifications/routes";
import { resourcesRoutes } from "./pages/resources/routes";
import { rulesRoutes } from "./pages/rules/routes";
import { securityRoutes } from "./pages/security/routes";
import { settingsPages } from "./pages/settings/routes";
import { settingsRoute } from "./pages/settings/settingsRoute";
import { signInRoutes } from "./pages/sign-in/routes";
import { usersRoutes } from "./pages/users/routes";
import { appRoute, publicRoute, rootRoute } from "./routing/roots";
import { parseSearch, stringifySearch } from "./routing/search";
import { NotFound } from "./shell/NotFound";
import { PageFailed } from "./shell/PageFailed";
import { PagePending } from "./shell/PagePending";

const routeTree = rootRoute.addChildren([
  publicRoute.addChildren([...signInRoutes]),
  appRoute.addChildren([
    ...dashboardRoutes,
    ...explorerRoutes,
    ...liveRoutes,
    ...eventsRoutes,
    ...usersRoutes,
    ...resourcesRoutes,
    ...analyticsRoutes,
    ...securityRoutes,
    ...rulesRoutes,
    ...notificationsRoutes,
    settingsRoute.addChildren([...settingsPages, ...notificationSettingsPages]),
  ]),
]);

export const router = createRouter({
  routeTree,
  context: { queryClient },
  parseSearch,
  stringifySearch,
  defaultPreload: "intent",
  // The cache of queries decides what is fresh, not the router's own.
  defaultPreloadStaleTime: 0,
  defaultErrorComponent: PageFailed,
  defaultNotFoundComponent: NotFound,
  defaultPendingComponent: PagePending,
  defaultPendingMs: 150,
  scrollRestoration: true,
  scrollToTopSelectors: ["#main"],
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
