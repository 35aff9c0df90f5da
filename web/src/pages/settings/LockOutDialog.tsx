import { Code, Text } from "@mantine/core";

import { t } from "../../texts";
import { ConfirmDialog } from "./ConfirmDialog";

type Props = {
  isOpen: boolean;
  address: string | null;
  onConfirm: () => Promise<void>;
  onClose: () => void;
};

/** A list that keeps its own author out: what that means, and the one way back. */
export function LockOutDialog({ address, ...rest }: Props) {
  const words = t.settings.allowList.lockOut;
  return (
    <ConfirmDialog
      {...rest}
      isDangerous
      title={words.title}
      text={words.text(address)}
      confirm={words.confirm}
    >
      <Text size="sm" mb={4}>
        {words.undo}
      </Text>
      <Code block>{words.command}</Code>
    </ConfirmDialog>
  );
}
