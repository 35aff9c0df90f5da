import { ActionIcon, Tooltip } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconAlertTriangle, IconCheck, IconCopy } from "@tabler/icons-react";

import { t } from "../texts";

export interface CopyButtonProps {
  value: string;
  /** The button's name: `Copy id`. */
  label: string;
}

/** Copies a value, and says whether it did. */
export function CopyButton({ value, label }: CopyButtonProps) {
  const clipboard = useClipboard({ timeout: 1500 });
  const hasFailed = clipboard.error !== null;
  const outcome = hasFailed ? t.parts.copy.failed : clipboard.copied ? t.parts.copy.done : null;
  const Icon = hasFailed ? IconAlertTriangle : clipboard.copied ? IconCheck : IconCopy;
  return (
    <Tooltip label={outcome ?? label} opened={outcome === null ? undefined : true}>
      <ActionIcon
        size={24}
        variant="subtle"
        color="gray"
        aria-label={label}
        onClick={() => {
          clipboard.copy(value);
        }}
      >
        <Icon size={14} stroke={1.75} aria-hidden />
        <span className="tk-visually-hidden" aria-live="polite">
          {outcome}
        </span>
      </ActionIcon>
    </Tooltip>
  );
}
