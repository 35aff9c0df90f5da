import { Table } from "@mantine/core";

import type { RetentionStatus } from "../../api/retention";
import { ActionBadge } from "../../look/ActionBadge";
import { t } from "../../texts";
import { bytes, count, percent } from "../../texts/numbers";
import { WideTable } from "./WideTable";

const words = t.settings.retention;

/** Events and bytes of each action, the most first. */
export function HoldingsTable({ status }: { status: RetentionStatus }) {
  return (
    <WideTable label={words.holdings} minWidth={360}>
      <Table aria-label={words.holdings} verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{words.action}</Table.Th>
            <Table.Th ta="right">{words.events}</Table.Th>
            <Table.Th ta="right">{words.share}</Table.Th>
            <Table.Th ta="right">{words.bytes}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {status.holdings.map((held) => (
            <Table.Tr key={held.action}>
              <Table.Td>
                <ActionBadge action={held.action} />
              </Table.Td>
              <Table.Td ta="right" className="tk-num">
                {count(held.events)}
              </Table.Td>
              <Table.Td ta="right" className="tk-num">
                {percent(status.events === 0 ? 0 : held.events / status.events)}
              </Table.Td>
              <Table.Td ta="right" className="tk-num">
                {bytes(held.bytes)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
        <Table.Tfoot>
          <Table.Tr>
            <Table.Th>{words.total}</Table.Th>
            <Table.Th ta="right" className="tk-num">
              {count(status.events)}
            </Table.Th>
            <Table.Td />
            <Table.Th ta="right" className="tk-num">
              {bytes(status.bytes)}
            </Table.Th>
          </Table.Tr>
        </Table.Tfoot>
      </Table>
    </WideTable>
  );
}
