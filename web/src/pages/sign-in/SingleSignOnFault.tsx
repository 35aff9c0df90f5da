import { Alert, Text } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";

import { t } from "../../texts";

/** Why a sign-in at the provider did not work. The code is in the address, so anyone's text may
 * stand there: only codes are shown. */
export function SingleSignOnFault({ code }: { code: string }) {
  const words = t.signIn.login;
  return (
    <Alert
      color="red"
      mb="md"
      icon={<IconAlertCircle aria-hidden />}
      title={words.singleSignOnFailed}
    >
      {words.fault(code)}
      {/^[A-Z0-9_]{1,40}$/.test(code) && (
        <Text size="sm" mt={6}>
          {words.faultAdmin(code)}
        </Text>
      )}
    </Alert>
  );
}
