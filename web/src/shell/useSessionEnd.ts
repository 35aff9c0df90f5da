import { useNavigate, useRouter } from "@tanstack/react-router";
import { useEffect } from "react";

import { onSessionOver } from "../api/client";
import { queryClient } from "../api/queryClient";

/**
 * Leads to signing in, and back here afterwards, when the service says that the session is over.
 */
export function useSessionEnd(): void {
  const navigate = useNavigate();
  const router = useRouter();
  useEffect(
    () =>
      onSessionOver(() => {
        const next = router.state.location.href;
        queryClient.clear();
        void navigate({ to: "/login", search: { next: next === "/" ? undefined : next } });
      }),
    [navigate, router],
  );
}
