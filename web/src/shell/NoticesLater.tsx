import { useNotifications } from "@mantine/notifications";
import type { AnyRouter } from "@tanstack/react-router";
import { lazy, Suspense } from "react";

import { useQuiet } from "./useQuiet";

const Notices = lazy(async () => ({ default: (await import("./Notices")).Notices }));

export interface NoticesLaterProps {
  router: AnyRouter;
}

/** The corner of short news: loaded when the page is there, or at once when there are any. */
export function NoticesLater({ router }: NoticesLaterProps) {
  const isQuiet = useQuiet(router);
  const isTold = useNotifications().notifications.length > 0;
  if (!isQuiet && !isTold) {
    return null;
  }
  return (
    <Suspense>
      <Notices />
    </Suspense>
  );
}
