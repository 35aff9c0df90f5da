import { useNotifications } from "@mantine/notifications";
import type { AnyRouter } from "@tanstack/react-router";
import { lazy, Suspense } from "react";

import { useFetched } from "./useFetched";
import { useQuiet } from "./useQuiet";

const load = () => import("./Notices");
const Notices = lazy(async () => ({ default: (await load()).Notices }));

export interface NoticesLaterProps {
  router: AnyRouter;
}

/** The corner of short news: loaded when the page is there, or at once when there are any. */
export function NoticesLater({ router }: NoticesLaterProps) {
  const isQuiet = useQuiet(router);
  const isTold = useNotifications().notifications.length > 0;
  const isFetched = useFetched(load, isQuiet || isTold);
  return <Suspense>{isFetched && <Notices />}</Suspense>;
}
