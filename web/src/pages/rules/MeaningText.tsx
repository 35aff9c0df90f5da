import { Stack, Text } from "@mantine/core";

import type { Rule } from "../../api/rules";
import { Plain } from "../../parts/Plain";
import { t } from "../../texts";
import { builtInMeanings } from "../../texts/built_in_rules";
import classes from "./MeaningText.module.css";

/** What a rule's detections mean, when they are false alarms, and what to do. */
export function MeaningText({ rule }: { rule: Rule }) {
  const words = t.rules.meaning;
  const told = rule.is_built_in ? builtInMeanings[rule.id] : undefined;
  return (
    <Stack gap="sm">
      {told && (
        <Text size="sm">
          <strong>{words.means}:</strong> {told.means}
        </Text>
      )}
      {rule.false_positives.length > 0 && (
        <div className={classes.alarms}>
          <strong>{words.falseAlarms}</strong>
          <ul>
            {rule.false_positives.map((each) => (
              <li key={each}>
                <Plain text={each} />
              </li>
            ))}
          </ul>
        </div>
      )}
      {told && (
        <Text size="sm">
          <strong>{words.do}:</strong> {told.do}
        </Text>
      )}
    </Stack>
  );
}
