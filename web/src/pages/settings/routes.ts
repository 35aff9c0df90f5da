import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";

import { readFlag, readOneOf, readText } from "../../routing/search";
import { settingsRoute } from "./settingsRoute";

const children = { getParentRoute: () => settingsRoute };

/** Everybody has a profile, but whoever has to set up a second factor is let in to that alone. */
const indexRoute = createRoute({
  ...children,
  path: "/",
  component: lazyRouteComponent(() => import("./FirstSettingsPage"), "FirstSettingsPage"),
});

/** Where mails about keys lead. */
const keysRoute = createRoute({
  ...children,
  path: "/keys",
  beforeLoad: () => {
    throw redirect({ to: "/settings/api-keys", replace: true });
  },
});

export const settingsPages = [
  indexRoute,
  keysRoute,
  createRoute({
    ...children,
    path: "/profile",
    component: lazyRouteComponent(() => import("./ProfilePage"), "ProfilePage"),
  }),
  createRoute({
    ...children,
    path: "/security",
    component: lazyRouteComponent(() => import("./SecurityPage"), "SecurityPage"),
  }),
  createRoute({
    ...children,
    path: "/organization",
    component: lazyRouteComponent(() => import("./OrganizationPage"), "OrganizationPage"),
  }),
  createRoute({
    ...children,
    path: "/members",
    validateSearch: (search: Record<string, unknown>): MembersSearch => ({
      search: readText(search.search),
      role: readText(search.role),
      status: readOneOf(search.status, ["active", "disabled"]),
    }),
    component: lazyRouteComponent(() => import("./MembersPage"), "MembersPage"),
  }),
  createRoute({
    ...children,
    path: "/roles",
    component: lazyRouteComponent(() => import("./RolesPage"), "RolesPage"),
  }),
  createRoute({
    ...children,
    path: "/api-keys",
    validateSearch: (search: Record<string, unknown>): KeysSearch => ({
      all: readFlag(search.all),
    }),
    component: lazyRouteComponent(() => import("./KeysPage"), "KeysPage"),
  }),
  createRoute({
    ...children,
    path: "/allow-list",
    component: lazyRouteComponent(() => import("./AllowListPage"), "AllowListPage"),
  }),
  createRoute({
    ...children,
    path: "/second-factor",
    component: lazyRouteComponent(() => import("./FactorPolicyPage"), "FactorPolicyPage"),
  }),
  createRoute({
    ...children,
    path: "/single-sign-on",
    component: lazyRouteComponent(() => import("./SingleSignOnPage"), "SingleSignOnPage"),
  }),
  createRoute({
    ...children,
    path: "/retention",
    component: lazyRouteComponent(() => import("./RetentionPage"), "RetentionPage"),
  }),
] as const;

export type MembersSearch = {
  search?: string | undefined;
  role?: string | undefined;
  status?: "active" | "disabled" | undefined;
};

export type KeysSearch = { all?: true | undefined };
