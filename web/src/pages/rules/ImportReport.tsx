import { Group, Stack, Table, Text } from "@mantine/core";

import type { ImportReport as Report } from "../../api/rules";
import { Panel } from "../../parts/Panel";
import { Plain } from "../../parts/Plain";
import { Stat } from "../../parts/Stat";
import { t } from "../../texts";
import classes from "./ImportReport.module.css";

const OUTCOMES = ["usable", "doubtful", "unusable"] as const;

/** Rule by rule, what can be used and what cannot, and why. */
export function ImportReport({ report }: { report: Report }) {
  const words = t.rules.importing;
  return (
    <Stack gap="md">
      <Group grow preventGrowOverflow={false}>
        {OUTCOMES.map((outcome) => (
          <Stat
            key={outcome}
            label={words.outcomes[outcome]}
            counts={words.outcomeHints[outcome]}
            value={report[outcome]}
          />
        ))}
      </Group>
      {report.unreadable.length > 0 && (
        <Text size="sm">
          {words.unreadable}: <Plain text={report.unreadable.join(", ")} />
        </Text>
      )}
      <Panel title={t.rules.title} isFlush>
        <Table.ScrollContainer minWidth={720}>
          <Table verticalSpacing="sm" className={classes.table}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{words.columns.rule}</Table.Th>
                <Table.Th>{words.columns.outcome}</Table.Th>
                <Table.Th>{words.columns.reasons}</Table.Th>
                <Table.Th>{words.columns.fields}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {report.rules.map((rule) => (
                <Table.Tr key={`${rule.file} ${String(rule.line)}`}>
                  <Table.Td>
                    <strong>
                      <Plain text={rule.title} />
                    </strong>
                    <div className={classes.dim}>
                      <Plain text={words.place(rule.file, rule.line)} />
                    </div>
                  </Table.Td>
                  <Table.Td>{words.outcomes[rule.outcome]}</Table.Td>
                  <Table.Td>
                    {rule.reasons.map((reason) => (
                      <div key={reason}>
                        <Plain text={reason} />
                      </div>
                    ))}
                  </Table.Td>
                  <Table.Td className={classes.fields}>
                    {Object.entries(rule.mapped).map(([from, to]) => (
                      <div key={from}>
                        <Plain text={words.maps(from, to)} />
                      </div>
                    ))}
                    {rule.unmapped.map((name) => (
                      <div key={name} className={classes.missing}>
                        <Plain text={words.unmapped(name)} />
                      </div>
                    ))}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </Panel>
      {report.most_missed.length > 0 && (
        <Panel title={words.missed}>
          <ul className={classes.missed}>
            {report.most_missed.map(({ name, rules }) => (
              <li key={name}>
                <Plain text={name} isMono /> · {words.missedRules(rules)}
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </Stack>
  );
}
