import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { appRoute } from "../../routing/roots";
import { validateNewRuleSearch, validateRuleSearch, validateRulesSearch } from "./search";

const rulesRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/rules",
  validateSearch: validateRulesSearch,
  component: lazyRouteComponent(() => import("./RulesPage"), "RulesPage"),
});

const newRuleRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/rules/new",
  validateSearch: validateNewRuleSearch,
  component: lazyRouteComponent(() => import("./NewRulePage"), "NewRulePage"),
});

const importRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/rules/import",
  component: lazyRouteComponent(() => import("./ImportPage"), "ImportPage"),
});

const ruleRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/rules/$id",
  validateSearch: validateRuleSearch,
  component: lazyRouteComponent(() => import("./RulePage"), "RulePage"),
});

export const rulesRoutes = [rulesRoute, newRuleRoute, importRoute, ruleRoute] as const;
