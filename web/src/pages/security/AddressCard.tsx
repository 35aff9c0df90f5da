import { Divider, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Fragment } from "react";

import { evidenceQuery, type Detection } from "../../api/detections";
import { useMay } from "../../api/me";
import { Panel } from "../../parts/Panel";
import { t } from "../../texts";
import { AddressStatus } from "./AddressStatus";

const ADDRESSES_AT_MOST = 5;
const PEOPLE_AT_MOST = 5;

/** The addresses of a detection: what lets them in, and how to keep them out. */
export function AddressCard({ detection }: { detection: Detection }) {
  const mayRead = useMay("user:view");
  const mayManage = useMay("security:manage");
  const evidence = useQuery({
    ...evidenceQuery(detection),
    enabled: mayRead && detection.evidence.length > 0,
  });
  const named = detection.group.filter(({ field }) => field === "ip_address");
  const addresses = [
    ...new Set([
      ...named.map(({ value }) => value),
      ...(evidence.data ?? []).flatMap((event) => event.ip_address ?? []),
    ]),
  ].slice(0, ADDRESSES_AT_MOST);
  const people = [...new Set((evidence.data ?? []).flatMap((event) => event.user_id ?? []))].slice(
    0,
    PEOPLE_AT_MOST,
  );
  if (addresses.length === 0) {
    return null;
  }
  return (
    <Panel title={addresses.length === 1 ? t.security.address.title : t.security.address.titleMany}>
      <Stack gap="sm">
        {addresses.map((address, index) => (
          <Fragment key={address}>
            {index > 0 && <Divider />}
            <AddressStatus address={address} people={people} title={detection.rule_title} />
          </Fragment>
        ))}
        {!mayManage && (
          <Text size="xs" c="dimmed">
            {t.security.address.permission}
          </Text>
        )}
      </Stack>
    </Panel>
  );
}
