import { Navigate } from "@tanstack/react-router";

import { useMe } from "../../api/me";
import { tabsFor } from "./tabs";

/** `/settings` by itself: on to the first page that the person may open. */
export function FirstSettingsPage() {
  const [first] = tabsFor(useMe());
  return <Navigate to={first?.to ?? "/settings/profile"} replace />;
}
