import "@mantine/notifications/styles.layer.css";

import { Notifications } from "@mantine/notifications";

/** The corner where short news are shown. */
export function Notices() {
  return <Notifications position="bottom-right" limit={5} />;
}
