import { Button, Group, Modal, Text } from "@mantine/core";
import { useBlocker } from "@tanstack/react-router";

import { t } from "../../texts";

/** Asks before changes are left behind, in the console and when the tab closes. */
export function UnsavedGuard({ isDirty }: { isDirty: boolean }) {
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => isDirty && current.pathname !== next.pathname,
    enableBeforeUnload: () => isDirty,
    withResolver: true,
  });
  const words = t.settings.leave;
  return (
    <Modal
      opened={blocker.status === "blocked"}
      onClose={() => blocker.reset?.()}
      title={words.title}
    >
      <Text mb="lg">{words.text}</Text>
      <Group justify="flex-end">
        <Button variant="default" onClick={() => blocker.proceed?.()}>
          {words.go}
        </Button>
        <Button data-autofocus onClick={() => blocker.reset?.()}>
          {words.stay}
        </Button>
      </Group>
    </Modal>
  );
}
