import { Button, Code, Group, Modal, Stack, Text } from "@mantine/core";

import { CopyButton } from "../../parts/CopyButton";
import { t } from "../../texts";

interface Props {
  secret: string;
  onClose: () => void;
}

/** A secret that was just made: shown this once, and closed by choice alone. */
export function SecretShown({ secret, onClose }: Props) {
  const words = t.notifications.channels.secret;
  return (
    <Modal
      opened
      onClose={onClose}
      title={words.title}
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
    >
      <Stack gap="md">
        <Text size="sm">{words.text}</Text>
        <Group gap="xs" wrap="nowrap">
          <Code block style={{ overflowWrap: "anywhere", whiteSpace: "normal" }}>
            {secret}
          </Code>
          <CopyButton value={secret} label={words.copy} />
        </Group>
        <Group justify="flex-end">
          <Button onClick={onClose}>{words.done}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
