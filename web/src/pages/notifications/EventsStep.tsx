import { Radio, Select, Stack, TagsInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { useMay } from "../../api/me";
import { rulesQuery } from "../../api/rules";
import { t } from "../../texts";
import { SOURCES } from "./alertDraft";
import { NumberedStep } from "./NumberedStep";
import type { StepProps } from "./step";

/** Which events: by severity, by tag, of one rule, or described. */
export function EventsStep({ draft, faults, onChange }: StepProps) {
  const words = t.notifications.plan;
  const mayView = useMay("rule:view");
  const mayMakeRules = useMay("rule:manage");
  const rules = useQuery({ ...rulesQuery, enabled: mayView });
  const tags = [...new Set((rules.data ?? []).flatMap((rule) => rule.tags))].toSorted();
  return (
    <NumberedStep number={2} title={words.steps.what} hint={words.whatHint}>
      <Stack gap="sm">
        <Radio.Group
          label={words.source}
          value={draft.source}
          onChange={(value) => {
            const source = SOURCES.find((each) => each === value);
            if (source !== undefined) {
              onChange({ source });
            }
          }}
        >
          <Stack gap={8} mt={6}>
            {SOURCES.map((source) => (
              <Radio
                key={source}
                value={source}
                label={words.sources[source]}
                description={
                  source === "events" && !mayMakeRules
                    ? words.eventsPermission
                    : words.sourceHints[source]
                }
                disabled={source === "events" && !mayMakeRules}
              />
            ))}
          </Stack>
        </Radio.Group>
        {draft.source === "tags" && (
          <TagsInput
            label={words.tags}
            placeholder={draft.tags.length === 0 ? words.tagsPlaceholder : undefined}
            data={tags}
            value={draft.tags}
            error={faults.tags}
            maxTags={50}
            maw={480}
            onChange={(chosen) => onChange({ tags: chosen })}
          />
        )}
        {draft.source === "rule" && (
          <Select
            label={words.rule}
            placeholder={words.rulePlaceholder}
            data={(rules.data ?? []).map((rule) => ({ value: rule.id, label: rule.title }))}
            value={draft.ruleId}
            error={faults.rule}
            searchable
            maw={480}
            onChange={(ruleId) => onChange({ ruleId })}
          />
        )}
      </Stack>
    </NumberedStep>
  );
}
