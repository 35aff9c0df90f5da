import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { appRoute } from "../../routing/roots";
import { validateSecuritySearch } from "./search";

interface DetectionSearch {
  /** The event that is open in the drawer. */
  event?: string;
}

const securityRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/security",
  validateSearch: validateSecuritySearch,
  component: lazyRouteComponent(() => import("./SecurityPage"), "SecurityPage"),
});

const detectionRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/security/detections/$id",
  validateSearch: (raw: Record<string, unknown>): DetectionSearch =>
    typeof raw.event === "string" && raw.event !== "" ? { event: raw.event } : {},
  component: lazyRouteComponent(() => import("./DetectionPage"), "DetectionPage"),
});

export const securityRoutes = [securityRoute, detectionRoute] as const;
