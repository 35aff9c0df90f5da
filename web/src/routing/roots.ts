import { createRootRouteWithContext, createRoute, Outlet, redirect } from "@tanstack/react-router";
import type { QueryClient } from "@tanstack/react-query";

import { ApiProblem } from "../api/client";
import { meQuery } from "../api/me";
import { setupQuery } from "../api/sign_in";
import { NotFound } from "../shell/NotFound";
import { PageFailed } from "../shell/PageFailed";
import { Shell } from "../shell/Shell";
import { ShellPending } from "../shell/ShellPending";

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
    const { queryClient } = context;
    // The demo's banner is there from the first paint; without an answer there is none.
    const demo = queryClient.query({ ...setupQuery, staleTime: "static" }).catch(() => null);
    let me;
    try {
      me = await queryClient.query({ ...meQuery, staleTime: "static" });
    } catch (problem) {
      if (problem instanceof ApiProblem && problem.isSessionOver) {
        const next = location.href === "/" ? undefined : location.href;
        throw redirect({ to: "/login", search: { next }, replace: true });
      }
      throw problem;
    }
    await demo;
    if (me.must_enroll && location.pathname !== ENROLLING) {
      throw redirect({ to: ENROLLING, replace: true });
    }
  },
  component: Shell,
  pendingComponent: ShellPending,
});
