import { Checkbox, Group, Select, Stack } from "@mantine/core";

import type { Channel } from "../../api/channels";
import { SEVERITIES } from "../../api/detections";
import { t } from "../../texts";
import { TOLD } from "./alertDraft";
import { DescribedEventsFields } from "./DescribedEventsFields";
import { DigestField } from "./DigestField";
import { EscalationFields } from "./EscalationFields";
import { NumberedStep } from "./NumberedStep";
import { QuietFields } from "./QuietFields";
import type { StepProps } from "./step";

interface Props extends StepProps {
  channels: Channel[];
  settingId: string | undefined;
}

/** How bad or how many, and when it is told. */
export function CriteriaStep({ draft, faults, channels, settingId, onChange }: Props) {
  const words = t.notifications.plan;
  return (
    <NumberedStep number={4} title={words.steps.criteria} hint={words.criteriaHint}>
      <Stack gap="lg">
        {draft.source === "events" ? (
          <DescribedEventsFields
            events={draft.events}
            error={faults.query}
            onChange={(events) => onChange({ events })}
          />
        ) : (
          <Select
            label={words.minSeverity}
            data={SEVERITIES.map((value) => ({ value, label: t.security.severities[value] }))}
            value={draft.minSeverity}
            allowDeselect={false}
            w={220}
            onChange={(value) => {
              const minSeverity = SEVERITIES.find((each) => each === value);
              if (minSeverity !== undefined) {
                onChange({ minSeverity });
              }
            }}
          />
        )}
        <Checkbox.Group
          label={words.on}
          value={draft.on}
          error={faults.on}
          onChange={(chosen) => onChange({ on: TOLD.filter((each) => chosen.includes(each)) })}
        >
          <Group gap="lg" mt={6}>
            {TOLD.map((each) => (
              <Checkbox key={each} value={each} label={words.onChoices[each]} />
            ))}
          </Group>
        </Checkbox.Group>
        <DigestField
          minutes={draft.digestMinutes}
          onChange={(digestMinutes) => onChange({ digestMinutes })}
        />
        <QuietFields
          quiet={draft.quiet}
          error={faults.days}
          onChange={(quiet) => onChange({ quiet })}
        />
        <EscalationFields
          escalation={draft.escalation}
          channels={channels}
          settingId={settingId}
          error={faults.escalation}
          onChange={(escalation) => onChange({ escalation })}
        />
      </Stack>
    </NumberedStep>
  );
}
