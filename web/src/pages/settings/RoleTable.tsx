import { Table, Text } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";

import type { PermissionInfo, Role } from "../../api/roles";
import { t } from "../../texts";
import classes from "./RoleTable.module.css";
import { WideTable } from "./WideTable";

const words = t.settings.roles;

/** What each built-in role may do: permissions down, roles across. */
export function RoleTable({ roles, permissions }: Props) {
  return (
    <WideTable label={words.builtIn} minWidth={760}>
      <Table aria-label={words.builtIn} verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{words.permission}</Table.Th>
            {roles.map((role) => (
              <Table.Th key={role.name} ta="center" scope="col">
                <Text size="xs" fw={600}>
                  {role.name}
                </Text>
                <Text size="xs" c="dimmed" fw={400} className={classes.holders}>
                  {words.holdersOf(role.members)}
                </Text>
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {permissions.map((permission) => (
            <Table.Tr key={permission.name}>
              <Table.Th scope="row" fw={400}>
                <span className="tk-mono">{permission.name}</span>
                <Text size="xs" c="dimmed">
                  {permission.description}
                </Text>
              </Table.Th>
              {roles.map((role) => (
                <Table.Td key={role.name} ta="center">
                  <Mark isHeld={role.permissions.includes(permission.name)} />
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}

type Props = { roles: Role[]; permissions: PermissionInfo[] };

function Mark({ isHeld }: { isHeld: boolean }) {
  if (!isHeld) return <span className="tk-visually-hidden">{words.no}</span>;
  return (
    <>
      <IconCheck size={16} aria-hidden />
      <span className="tk-visually-hidden">{words.yes}</span>
    </>
  );
}
