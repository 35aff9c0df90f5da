import { Badge, Table, Text } from "@mantine/core";

import type { RetentionStatus } from "../../api/retention";
import { Plain } from "../../parts/Plain";
import { t } from "../../texts";
import { count } from "../../texts/numbers";
import { When } from "../../time/When";
import { WideTable } from "./WideTable";

type Run = RetentionStatus["runs"][number];

const words = t.settings.retention;

/** The last runs, with what each removed and, where it did not end well, why. */
export function RetentionRuns({ runs }: { runs: Run[] }) {
  if (runs.length === 0)
    return (
      <Text c="dimmed" size="sm">
        {words.runsEmpty}
      </Text>
    );
  return (
    <WideTable label={words.runs} minWidth={480}>
      <Table aria-label={words.runs} verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{words.started}</Table.Th>
            <Table.Th>{words.took}</Table.Th>
            <Table.Th ta="right">{words.removed}</Table.Th>
            <Table.Th>{words.outcome}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {runs.map((run) => (
            <Table.Tr key={run.id}>
              <Table.Td>
                <When at={run.started_at} kind="absolute" />
              </Table.Td>
              <Table.Td>{tookOf(run)}</Table.Td>
              <Table.Td ta="right" className="tk-num">
                {count(Object.values(run.removed).reduce((sum, n) => sum + n, 0))}
              </Table.Td>
              <Table.Td>
                <Outcome run={run} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}

function tookOf({ started_at: start, finished_at: end }: Run): string {
  return end === null ? "" : words.seconds((Date.parse(end) - Date.parse(start)) / 1000);
}

function Outcome({ run }: { run: Run }) {
  if (run.error) {
    return (
      <>
        <Badge tt="none" variant="dot" color="red">
          {words.failed}
        </Badge>
        <Text size="xs" component="div">
          <Plain text={run.error} />
        </Text>
      </>
    );
  }
  return (
    <Badge tt="none" variant="dot" color={run.finished_at === null ? "gray" : "green"}>
      {run.finished_at === null ? words.running : words.ok}
    </Badge>
  );
}
