import { Chip, Group, Input, Textarea, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";

import { t } from "../../texts";
import type { OrganizationValues } from "./organizationValues";
import { Section } from "./Section";

export function WorkingHoursFields({ form }: { form: UseFormReturnType<OrganizationValues> }) {
  const words = t.settings.organization.hours;
  return (
    <Section title={words.title} description={words.description}>
      <Group align="flex-start" mb="md">
        <TextInput
          type="time"
          label={words.start}
          w={130}
          {...form.getInputProps("working_hours.start")}
        />
        <TextInput
          type="time"
          label={words.end}
          w={130}
          {...form.getInputProps("working_hours.end")}
        />
      </Group>
      <Input.Description mb="md">{words.endHint}</Input.Description>
      <Input.Label component="div" id="working-days" mb={6}>
        {words.days}
      </Input.Label>
      <Chip.Group multiple {...form.getInputProps("working_hours.days")}>
        <Group gap="xs" mb="md" role="group" aria-labelledby="working-days">
          {words.dayNames.map((name, index) => (
            <Chip key={name} value={String(index + 1)} aria-label={words.dayFull[index]}>
              {name}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      <Textarea
        label={words.holidays}
        description={words.holidaysHint}
        autosize
        minRows={2}
        maxRows={10}
        maw={420}
        {...form.getInputProps("working_hours.holidays")}
      />
    </Section>
  );
}
