import { Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { sessionsQuery, useSignOutUser } from "../../api/users";
import { ConfirmButton } from "../../parts/ConfirmButton";
import { notifyDone } from "../../parts/notify";
import { t } from "../../texts";
import { PersonName } from "./PersonName";

interface Props {
  address: string;
  userId: string;
}

/** A person's sessions from an address, and the way to end them. */
export function AddressSessions({ address, userId }: Props) {
  const words = t.security.address;
  // Whoever has no account has no sessions either: that is no fault.
  const { data } = useQuery({ ...sessionsQuery(userId), retry: false });
  const signOut = useSignOutUser(userId);
  const open = (data?.items ?? []).filter(
    (session) => session.address === address && !session.is_current,
  );
  if (open.length === 0) {
    return null;
  }
  return (
    <Group gap="xs">
      <Text size="sm">
        <PersonName userId={userId} /> {words.sessions(open.length)}
      </Text>
      <ConfirmButton
        label={words.endSessions}
        title={words.endSessions}
        text={words.endQuestion}
        confirmLabel={words.endSessions}
        onConfirm={async () => {
          for (const session of open) {
            await signOut.mutateAsync(session.id);
          }
          notifyDone(words.ended(open.length));
        }}
      />
    </Group>
  );
}
