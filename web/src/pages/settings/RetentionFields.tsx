import { Anchor, Button, NumberInput, Text } from "@mantine/core";
import { randomId } from "@mantine/hooks";
import type { UseFormReturnType } from "@mantine/form";
import { IconPlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";

import { t } from "../../texts";
import type { OrganizationValues } from "./organizationValues";
import { RetentionRuleRow } from "./RetentionRuleRow";
import { Section } from "./Section";

const MAX_DAYS = 36_500;

export function RetentionFields({ form }: { form: UseFormReturnType<OrganizationValues> }) {
  const words = t.settings.organization.retention;
  const rules = form.values.retention_rules;
  const add = () => {
    form.insertListItem("retention_rules", {
      key: randomId(),
      action: "",
      resource_type: "",
      days: form.values.retention_days,
    });
  };
  return (
    <Section
      title={words.title}
      description={words.description}
      actions={
        <Anchor
          size="sm"
          renderRoot={(props: object) => <Link to="/settings/retention" {...props} />}
        >
          {words.status}
        </Anchor>
      }
    >
      <NumberInput
        label={words.days}
        min={1}
        max={MAX_DAYS}
        allowDecimal={false}
        thousandSeparator=","
        maw={160}
        mb="md"
        {...form.getInputProps("retention_days")}
      />
      <Text fw={500} size="sm">
        {words.rules}
      </Text>
      <Text size="xs" c="dimmed" mb="xs">
        {rules.length === 0 ? words.none : words.rulesHint}
      </Text>
      {rules.map((rule, index) => (
        <RetentionRuleRow key={rule.key} form={form} index={index} maxDays={MAX_DAYS} />
      ))}
      <Button
        variant="default"
        size="xs"
        mt="xs"
        leftSection={<IconPlus size={14} aria-hidden />}
        onClick={add}
      >
        {words.add}
      </Button>
    </Section>
  );
}
