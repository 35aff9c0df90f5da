import {
  createRootRouteWithContext,
  createRoute,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import type { QueryClient } from "@tanstack/react-query";

import { ApiProblem } from "../api/client";
import { meQuery } from "../api/me";
import { NotFound } from "../shell/NotFound";
import { PageFailed } from "../shell/PageFailed";

export interface RouterContext {
  queryClient: QueryClient;
}

export const rootRoute = createRootRouteWithContext<RouterContext>()({
  component: Outlet,
  errorComponent: PageFailed,
  notFoundComponent: NotFound,
});

/** Pages for whoever is not signed in: no shell around them. */
export const publicRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "public",
});

const ENROLLING = "/settings/security";

/** Pages of the signed-in. Who is not goes to `/login` and comes back afterwards. */
export const appRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "app",
  beforeLoad: async ({ context, location }) => {
    let me;
    try {
      me = await context.queryClient.ensureQueryData(meQuery);
    } catch (problem) {
      if (problem instanceof ApiProblem && problem.isSessionOver) {
        const next = location.href === "/" ? undefined : location.href;
        throw redirect({ to: "/login", search: { next }, replace: true });
      }
      throw problem;
    }
    if (me.must_enroll && location.pathname !== ENROLLING) {
      throw redirect({ to: ENROLLING, replace: true });
    }
  },
  component: lazyRouteComponent(() => import("../shell/Shell"), "Shell"),
});
