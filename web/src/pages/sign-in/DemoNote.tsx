import { Alert } from "@mantine/core";
import { IconTerminal2 } from "@tabler/icons-react";

import { t } from "../../texts";

/** Where a demo's ready sign-ins are. */
export function DemoNote() {
  return (
    <Alert
      variant="default"
      mb="md"
      icon={<IconTerminal2 aria-hidden />}
      title={t.signIn.demo.title}
    >
      {t.signIn.demo.text}
    </Alert>
  );
}
