import { Anchor, Group, Stack } from "@mantine/core";
import { Link } from "@tanstack/react-router";

import { useMay } from "../../api/me";
import { Plain } from "../../parts/Plain";
import { t } from "../../texts";
import { AddressActions } from "./AddressActions";
import { AddressSessions } from "./AddressSessions";
import { toTerm } from "./links";

interface Props {
  address: string;
  /** Ids of those who may be signed in from there. */
  people: string[];
  /** Of the detection: it goes into the note. */
  title: string;
}

/** One address: its events, its sessions, and whether it is let in. */
export function AddressStatus({ address, people, title }: Props) {
  const maySearch = useMay("user:view");
  const mayManage = useMay("security:manage");
  const mayEnd = useMay("user:manage");
  return (
    <Stack gap={6}>
      <Group justify="space-between" gap="xs">
        <strong>
          <Plain text={address} isMono />
        </strong>
        {maySearch && (
          <Anchor
            size="sm"
            renderRoot={(props) => (
              <Link {...props} to="/explorer" search={{ q: toTerm("ip_address", address) }} />
            )}
          >
            {t.security.address.search}
          </Anchor>
        )}
      </Group>
      {mayManage && <AddressActions address={address} title={title} />}
      {mayEnd &&
        people.map((userId) => <AddressSessions key={userId} address={address} userId={userId} />)}
    </Stack>
  );
}
