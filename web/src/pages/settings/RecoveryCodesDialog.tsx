import { Button, Group, Modal, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";

import { useMe } from "../../api/me";
import { t } from "../../texts";
import { CopyTextButton } from "./CopyTextButton";
import classes from "./RecoveryCodesDialog.module.css";

type Props = { codes: string[] | null; onClose: () => void };

/** New recovery codes, which the service cannot show again: closed by a button alone. */
export function RecoveryCodesDialog({ codes, onClose }: Props) {
  const words = t.settings.security.codes;
  const me = useMe();
  const text = `${words.heading(me.email ?? "")}\n\n${(codes ?? []).join("\n")}\n`;
  return (
    <Modal
      opened={codes !== null}
      onClose={onClose}
      title={words.shown}
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <Text mb="md">{words.shownText}</Text>
      <ul className={classes.codes} aria-label={words.title}>
        {(codes ?? []).map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <Group justify="space-between" mt="lg" gap="sm">
        <Group gap="xs">
          <CopyTextButton value={text} label={words.copy} />
          <Button
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden />}
            onClick={() => {
              download(words.file, text);
            }}
          >
            {words.download}
          </Button>
        </Group>
        <Button data-autofocus onClick={onClose}>
          {words.kept}
        </Button>
      </Group>
    </Modal>
  );
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
