import { notifications } from "@mantine/notifications";
import { IconAlertTriangle, IconCheck } from "@tabler/icons-react";

import { problemWords } from "./problemWords";

/** Says in a corner that something was done. */
export function notifyDone(message: string): void {
  notifications.show({ message, color: "green", icon: <IconCheck size={16} aria-hidden /> });
}

/** Says in a corner what went wrong; it stays until it is closed. */
export function notifyProblem(problem: unknown): void {
  const { title, detail, hint } = problemWords(problem);
  notifications.show({
    title,
    message: hint === null ? detail : `${detail} ${hint}`,
    color: "red",
    icon: <IconAlertTriangle size={16} aria-hidden />,
    autoClose: false,
  });
}
