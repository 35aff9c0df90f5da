import { Button } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconAlertTriangle, IconCheck, IconCopy } from "@tabler/icons-react";

import { t } from "../../texts";

/** A button that says what it copies, for what is shown only once. */
export function CopyTextButton({ value, label }: { value: string; label: string }) {
  const clipboard = useClipboard({ timeout: 2000 });
  const hasFailed = clipboard.error !== null;
  const Icon = hasFailed ? IconAlertTriangle : clipboard.copied ? IconCheck : IconCopy;
  return (
    <>
      <Button
        variant="default"
        leftSection={<Icon size={16} aria-hidden />}
        onClick={() => {
          clipboard.copy(value);
        }}
      >
        {clipboard.copied ? t.parts.copy.done : label}
      </Button>
      <span className={hasFailed ? undefined : "tk-visually-hidden"} aria-live="polite">
        {hasFailed ? t.parts.copy.failed : clipboard.copied ? t.parts.copy.done : null}
      </span>
    </>
  );
}
