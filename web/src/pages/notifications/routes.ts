import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { appRoute } from "../../routing/roots";
import { settingsRoute } from "../settings/settingsRoute";
import { validateChannelsSearch, validateInboxSearch } from "./search";

const inboxRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/notifications",
  validateSearch: validateInboxSearch,
  component: lazyRouteComponent(() => import("./InboxPage"), "InboxPage"),
});

const alertsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "notifications",
  component: lazyRouteComponent(() => import("./AlertSettingsPage"), "AlertSettingsPage"),
});

const newAlertRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "notifications/new",
  component: lazyRouteComponent(() => import("./NewAlertPage"), "NewAlertPage"),
});

const alertRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "notifications/$id",
  component: lazyRouteComponent(() => import("./AlertPage"), "AlertPage"),
});

const channelsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "channels",
  validateSearch: validateChannelsSearch,
  component: lazyRouteComponent(() => import("./ChannelsPage"), "ChannelsPage"),
});

export const notificationsRoutes = [inboxRoute] as const;

/** Pages of Organization Settings: children of the settings' own route. */
export const notificationSettingsPages = [
  alertsRoute,
  newAlertRoute,
  alertRoute,
  channelsRoute,
] as const;
