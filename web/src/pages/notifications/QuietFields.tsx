import { Chip, Group, Stack, Switch, Text, Checkbox } from "@mantine/core";
import { TimeInput } from "@mantine/dates";

import type { QuietHours } from "../../api/alert_settings";
import { useMe } from "../../api/me";
import { t } from "../../texts";
import { USUAL_QUIET } from "./alertDraft";

interface Props {
  quiet: QuietHours | null;
  error: string | undefined;
  onChange: (quiet: QuietHours | null) => void;
}

/** When channels are silent. */
export function QuietFields({ quiet, error, onChange }: Props) {
  const words = t.notifications.plan;
  const { organization } = useMe();
  return (
    <Stack gap="xs">
      <Switch
        label={words.quiet}
        description={words.quietHint(organization.time_zone)}
        checked={quiet !== null}
        onChange={(event) => onChange(event.currentTarget.checked ? USUAL_QUIET : null)}
      />
      {quiet !== null && (
        <Stack gap="sm" ml={50}>
          <Group gap="sm">
            <TimeInput
              label={words.from}
              value={quiet.start}
              w={120}
              onChange={(event) => onChange({ ...quiet, start: event.currentTarget.value })}
            />
            <TimeInput
              label={words.until}
              value={quiet.end}
              w={120}
              onChange={(event) => onChange({ ...quiet, end: event.currentTarget.value })}
            />
          </Group>
          <div role="group" aria-label={words.days}>
            <Text size="sm" mb={4}>
              {words.days}
            </Text>
            <Chip.Group
              multiple
              value={(quiet.days ?? []).map(String)}
              onChange={(days) => onChange({ ...quiet, days: days.map(Number).toSorted() })}
            >
              <Group gap={6}>
                {words.dayNames.map((name, index) => (
                  <Chip key={name} value={String(index + 1)} size="xs" radius="sm">
                    {name}
                  </Chip>
                ))}
              </Group>
            </Chip.Group>
            {error && (
              <Text size="xs" c="var(--mantine-color-error)" mt={4}>
                {error}
              </Text>
            )}
          </div>
          <Checkbox
            label={words.breaksThrough}
            checked={quiet.critical_breaks_through}
            onChange={(event) =>
              onChange({ ...quiet, critical_breaks_through: event.currentTarget.checked })
            }
          />
        </Stack>
      )}
    </Stack>
  );
}
