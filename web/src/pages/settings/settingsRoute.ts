import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { appRoute } from "../../routing/roots";

/** The parent of every page of the settings, other areas' too. */
export const settingsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/settings",
  component: lazyRouteComponent(() => import("./SettingsLayout"), "SettingsLayout"),
});
