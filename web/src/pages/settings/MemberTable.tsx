import { Badge, Table, Text } from "@mantine/core";

import { useMay, useMe } from "../../api/me";
import type { Member } from "../../api/people";
import { Plain } from "../../parts/Plain";
import { t } from "../../texts";
import { When } from "../../time/When";
import { MemberActions } from "./MemberActions";

const words = t.settings.members;

export function MemberTable({ members }: { members: Member[] }) {
  const me = useMe();
  const mayManage = useMay("user:manage");
  return (
    <Table aria-label={words.list} verticalSpacing="xs">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{words.name}</Table.Th>
          <Table.Th>{words.role}</Table.Th>
          <Table.Th visibleFrom="sm">{words.status}</Table.Th>
          <Table.Th visibleFrom="sm">{words.lastSeen}</Table.Th>
          {mayManage && (
            <Table.Th w={44}>
              <span className="tk-visually-hidden">{t.settings.actions}</span>
            </Table.Th>
          )}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {members.map((member) => (
          <Table.Tr key={member.user_id}>
            <Table.Td>
              <Text component="div" fw={600} size="sm">
                <Plain text={member.name ?? member.user_id} />
                {member.user_id === me.user_id && (
                  <Badge tt="none" ml={8} size="xs" variant="light">
                    {words.you}
                  </Badge>
                )}
              </Text>
              <Text component="div" size="xs" c="dimmed">
                <Plain text={member.user_email} />
              </Text>
              {member.status === "disabled" && (
                <Badge tt="none" hiddenFrom="sm" size="xs" variant="dot" color="gray">
                  {words.statuses.disabled}
                </Badge>
              )}
            </Table.Td>
            <Table.Td>{member.role}</Table.Td>
            <Table.Td visibleFrom="sm">
              <Badge tt="none" variant="dot" color={member.status === "active" ? "green" : "gray"}>
                {member.status === "active" ? words.statuses.active : words.statuses.disabled}
              </Badge>
            </Table.Td>
            <Table.Td visibleFrom="sm">
              <When at={member.last_seen_at} kind="relative" />
            </Table.Td>
            {mayManage && (
              <Table.Td>
                <MemberActions member={member} />
              </Table.Td>
            )}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
