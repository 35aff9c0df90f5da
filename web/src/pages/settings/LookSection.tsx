import { SegmentedControl, Stack, Text, useMantineColorScheme } from "@mantine/core";

import { t } from "../../texts";
import { useZone, ZONE_CHOICES } from "../../time/zone";
import { Section } from "./Section";

/** Time zone and theme, as this browser keeps them. */
export function LookSection() {
  const words = t.settings.profile;
  const { choice, setChoice, label } = useZone();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Section title={words.look} description={words.zoneHint}>
      <Stack gap="lg" align="flex-start">
        <div>
          <Text fw={500} size="sm" mb={6} id="settings-zone">
            {words.zone}
          </Text>
          <SegmentedControl
            aria-labelledby="settings-zone"
            value={choice}
            onChange={(value) => {
              setChoice(value);
            }}
            data={ZONE_CHOICES.map((value) => ({ value, label: words.zones[value] }))}
          />
          <Text size="sm" c="dimmed" mt={6}>
            {words.zoneNow(label)}
          </Text>
        </div>
        <div>
          <Text fw={500} size="sm" mb={6} id="settings-theme">
            {words.theme}
          </Text>
          <SegmentedControl
            aria-labelledby="settings-theme"
            value={colorScheme}
            onChange={(value) => {
              setColorScheme(value);
            }}
            data={(["light", "dark", "auto"] as const).map((value) => ({
              value,
              label: words.themes[value],
            }))}
          />
        </div>
      </Stack>
    </Section>
  );
}
