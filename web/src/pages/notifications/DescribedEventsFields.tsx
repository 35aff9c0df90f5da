import { Group, NumberInput, Select, Stack, Text, TextInput } from "@mantine/core";

import { SEVERITIES } from "../../api/detections";
import { Plain } from "../../parts/Plain";
import { t } from "../../texts";
import { SpanInput } from "../rules/SpanInput";
import { GROUPS, PRESETS, sentenceOf, type DescribedEvents, type Preset } from "./describedEvents";

interface Props {
  events: DescribedEvents;
  error: string | undefined;
  onChange: (events: DescribedEvents) => void;
}

const NAMES = Object.keys(PRESETS) as Preset[];

/** More than so many such events, in this time, of one person or address. */
export function DescribedEventsFields({ events, error, onChange }: Props) {
  const words = t.notifications.plan;
  const change = (changes: Partial<DescribedEvents>) => onChange({ ...events, ...changes });
  return (
    <Stack gap="sm">
      <Group gap="sm" align="flex-start">
        <Select
          label={words.events}
          data={NAMES.map((value) => ({ value, label: words.presets[value] }))}
          value={events.preset}
          allowDeselect={false}
          w={200}
          onChange={(value) => {
            const preset = NAMES.find((each) => each === value);
            if (preset !== undefined) {
              change({ preset, query: preset === "other" ? events.query : PRESETS[preset] });
            }
          }}
        />
        <NumberInput
          label={words.moreThan}
          value={events.moreThan}
          min={0}
          max={1_000_000}
          allowDecimal={false}
          w={110}
          onChange={(value) => typeof value === "number" && change({ moreThan: value })}
        />
        <SpanInput
          label={words.within}
          seconds={events.withinSeconds}
          least={1}
          onChange={(withinSeconds) => change({ withinSeconds })}
        />
        <Select
          label={words.by}
          data={GROUPS.map((value) => ({ value, label: words.byChoices[value] }))}
          value={events.by}
          allowDeselect={false}
          w={180}
          onChange={(value) => {
            const by = GROUPS.find((each) => each === value);
            if (by !== undefined) {
              change({ by });
            }
          }}
        />
      </Group>
      {events.preset === "other" && (
        <TextInput
          label={words.query}
          description={words.queryHint}
          value={events.query}
          error={error}
          maxLength={1500}
          spellCheck={false}
          maw={640}
          onChange={(event) => change({ query: event.currentTarget.value })}
        />
      )}
      <Select
        label={words.severityOfRule}
        data={SEVERITIES.map((value) => ({ value, label: t.security.severities[value] }))}
        value={events.severity}
        allowDeselect={false}
        w={200}
        onChange={(value) => {
          const severity = SEVERITIES.find((each) => each === value);
          if (severity !== undefined) {
            change({ severity });
          }
        }}
      />
      <Text size="sm" component="div">
        <strong>{words.sentence}:</strong> <Plain text={sentenceOf(events)} isMono />
      </Text>
    </Stack>
  );
}
