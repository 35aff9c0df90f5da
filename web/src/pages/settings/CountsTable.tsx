import { Table } from "@mantine/core";

import { ActionBadge } from "../../look/ActionBadge";
import { t } from "../../texts";
import { count } from "../../texts/numbers";

/** Events by action, the most first. */
export function CountsTable({ counts, label }: { counts: Record<string, number>; label: string }) {
  const words = t.settings.retention;
  const rows = Object.entries(counts).sort(([, one], [, other]) => other - one);
  return (
    <Table aria-label={label} mb="md" maw={420} verticalSpacing={6}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{words.action}</Table.Th>
          <Table.Th ta="right">{words.events}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map(([action, n]) => (
          <Table.Tr key={action}>
            <Table.Td>
              <ActionBadge action={action} />
            </Table.Td>
            <Table.Td ta="right" className="tk-num">
              {count(n)}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
