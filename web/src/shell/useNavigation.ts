import { useMemo } from "react";

import { isHeld, useMe } from "../api/me";
import { navigationFor, type NavigationItem } from "./navigation";

/** The pages that the signed-in person may see. */
export function useNavigation(): NavigationItem[][] {
  const me = useMe();
  return useMemo(
    () => navigationFor((permission) => isHeld(permission, me.permissions), me.user_id),
    [me],
  );
}
