import { Alert, Text } from "@mantine/core";
import { IconCircleCheck, IconCircleX } from "@tabler/icons-react";

import type { Trial } from "../../api/channels";
import { Plain } from "../../parts/Plain";
import { t } from "../../texts";

/** What became of a test message, and what the far end said. */
export function TrialNote({ trial }: { trial: Trial }) {
  const words = t.notifications.channels;
  const facts = [
    trial.response_code === null ? "" : words.status(trial.response_code),
    words.took(trial.elapsed_ms),
  ];
  return (
    <Alert
      variant="default"
      icon={
        trial.is_delivered ? (
          <IconCircleCheck color="var(--tk-good)" aria-hidden />
        ) : (
          <IconCircleX color="var(--tk-bad)" aria-hidden />
        )
      }
      title={trial.is_delivered ? words.tested : words.testFailed}
    >
      {trial.error !== null && (
        <Text size="sm">
          <Plain text={trial.error} />
        </Text>
      )}
      <Text size="sm" component="div">
        {facts.filter(Boolean).join(", ")}.{" "}
        {trial.said === "" ? (
          words.saidNothing
        ) : (
          <>
            {words.said}: <Plain text={trial.said} isMono />
          </>
        )}
      </Text>
    </Alert>
  );
}
