import { Button, Code, Group, Modal, Text } from "@mantine/core";

import type { IssuedKey } from "../../api/keys";
import { t } from "../../texts";
import { CopyTextButton } from "./CopyTextButton";
import classes from "./IssuedKeyDialog.module.css";

type Props = { issued: IssuedKey | null; onClose: () => void };

const words = t.settings.keys.issued;

/** A new key, which the service cannot show again: closed by a button alone. */
export function IssuedKeyDialog({ issued, onClose }: Props) {
  return (
    <Modal
      opened={issued !== null}
      onClose={onClose}
      title={words.title}
      size="lg"
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      {issued && (
        <>
          <Text mb="md">{words.text}</Text>
          <Code block className={classes.key} aria-label={words.label}>
            {issued.key}
          </Code>
          <Text size="sm" mt="md" mb={4}>
            {words.try}
          </Text>
          <Code block className={classes.key}>
            {`curl -s ${window.location.origin}/me -H 'Authorization: Bearer ${issued.key}'`}
          </Code>
          <Group justify="space-between" mt="lg">
            <CopyTextButton value={issued.key} label={words.copy} />
            <Button data-autofocus onClick={onClose}>
              {words.kept}
            </Button>
          </Group>
        </>
      )}
    </Modal>
  );
}
