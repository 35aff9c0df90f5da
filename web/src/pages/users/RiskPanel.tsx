import { Skeleton, Stack } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";

import type { UserInsight } from "../../api/insight";
import { Panel } from "../../parts/Panel";
import { t } from "../../texts";
import classes from "./RiskPanel.module.css";
import { RiskMeter } from "./RiskMeter";
import { riskWords } from "./riskWords";

const words = t.users.risk;

/** What speaks for a closer look, each reason with its numbers and its share of the score. */
export function RiskPanel({ insight }: { insight: UserInsight | undefined }) {
  if (insight === undefined) {
    return (
      <Panel title={words.title} counts={words.counts}>
        <Skeleton height={200} />
      </Panel>
    );
  }
  const { level, score, signals } = insight.risk;
  return (
    <Panel title={words.title} counts={words.counts}>
      <Stack gap="sm">
        <RiskMeter level={level} score={score} />
        {signals.length === 0 ? (
          <p className={classes.none}>
            <IconCircleCheck size={18} className={classes.good} aria-hidden />
            {words.none}
          </p>
        ) : (
          <ul className={classes.list}>
            {signals.map((signal) => (
              <li key={signal.code} className={classes.signal}>
                <span
                  className={`${classes.weight ?? ""} tk-num`}
                  title={words.weightMeans(signal.weight)}
                >
                  {words.weight(signal.weight)}
                </span>
                <span>{riskWords(signal)}</span>
              </li>
            ))}
          </ul>
        )}
      </Stack>
    </Panel>
  );
}
