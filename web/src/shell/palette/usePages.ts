import { useNavigate } from "@tanstack/react-router";

import { useNavigation } from "../useNavigation";
import type { Command } from "./command";

/** Going to a page, those of the sidebar. */
export function usePages(): Command[] {
  const navigate = useNavigate();
  return useNavigation()
    .flat()
    .map(({ key, label, icon, to, params }) => ({
      id: `page-${key}`,
      label,
      icon,
      run: () => void navigate({ to, params }),
    }));
}
