import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import type { QueryClient } from "@tanstack/react-query";

import { ApiProblem } from "../../api/client";
import { setupQuery } from "../../api/sign_in";
import { publicRoute } from "../../routing/roots";
import { ownPath } from "./ownPath";

export type LoginSearch = { next?: string | undefined };

const children = { getParentRoute: () => publicRoute };

function loginSearch(search: Record<string, unknown>): LoginSearch {
  return { next: ownPath(search.next) };
}

/** Until somebody can sign in, signing in leads nowhere: every page leads to the set-up. */
async function leadToSetup({ context }: { context: { queryClient: QueryClient } }) {
  let setup;
  try {
    setup = await context.queryClient.query({ ...setupQuery, staleTime: "static" });
  } catch (problem) {
    // The form can say that the service is not there as well as a page of errors can.
    if (problem instanceof ApiProblem) return;
    throw problem;
  }
  if (setup.needed) throw redirect({ to: "/setup", replace: true });
}

const loginPage = lazyRouteComponent(() => import("./LoginPage"), "LoginPage");

export const signInRoutes = [
  createRoute({
    ...children,
    path: "/login",
    validateSearch: loginSearch,
    beforeLoad: leadToSetup,
    component: loginPage,
  }),
  // Where a provider's sign-in ends that did not work: `/sign-in#error=CODE`.
  createRoute({
    ...children,
    path: "/sign-in",
    validateSearch: loginSearch,
    component: loginPage,
  }),
  createRoute({
    ...children,
    path: "/login/2fa",
    validateSearch: loginSearch,
    component: lazyRouteComponent(() => import("./SecondFactorPage"), "SecondFactorPage"),
  }),
  createRoute({
    ...children,
    path: "/setup",
    component: lazyRouteComponent(() => import("./SetupPage"), "SetupPage"),
  }),
  createRoute({
    ...children,
    path: "/forgot",
    component: lazyRouteComponent(() => import("./ForgotPage"), "ForgotPage"),
  }),
  createRoute({
    ...children,
    path: "/reset",
    component: lazyRouteComponent(() => import("./ResetPage"), "ResetPage"),
  }),
  createRoute({
    ...children,
    path: "/invitation",
    component: lazyRouteComponent(() => import("./InvitationPage"), "InvitationPage"),
  }),
] as const;
