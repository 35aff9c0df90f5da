import { createRoute } from "@tanstack/react-router";

import { appRoute } from "../../routing/roots";
import { SettingsLayout } from "./SettingsLayout";

/** The parent of every page of the settings, other areas' too. */
export const settingsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/settings",
  component: SettingsLayout,
});
