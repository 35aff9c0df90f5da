import { NativeSelect, Radio, Stack } from "@mantine/core";

import { t } from "../../texts";

interface Props {
  minutes: number | null;
  onChange: (minutes: number | null) => void;
}

const USUAL = 60;

/** At once, or together every so often. */
export function DigestField({ minutes, onChange }: Props) {
  const words = t.notifications.plan;
  const choices = Object.entries(words.digestChoices).map(([value, label]) => ({ value, label }));
  const isKnown = minutes === null || choices.some(({ value }) => value === String(minutes));
  return (
    <Radio.Group
      label={words.when}
      value={minutes === null ? "once" : "digest"}
      onChange={(value) => onChange(value === "once" ? null : USUAL)}
    >
      <Stack gap={8} mt={6}>
        <Radio value="once" label={words.atOnce} />
        <Radio value="digest" label={words.digest} />
        {minutes !== null && (
          <NativeSelect
            aria-label={words.digest}
            ml={28}
            w={160}
            data={
              isKnown
                ? choices
                : [...choices, { value: String(minutes), label: t.rules.span(minutes * 60) }]
            }
            value={String(minutes)}
            onChange={(event) => onChange(Number(event.currentTarget.value))}
          />
        )}
      </Stack>
    </Radio.Group>
  );
}
