import { SimpleGrid, Textarea } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";

import { t } from "../../texts";
import type { OrganizationValues } from "./organizationValues";
import { Section } from "./Section";

export function RedactionFields({ form }: { form: UseFormReturnType<OrganizationValues> }) {
  const words = t.settings.organization.redaction;
  const lines = {
    autosize: true,
    minRows: 2,
    maxRows: 12,
    spellCheck: false,
    classNames: { input: "tk-mono" },
  } as const;
  return (
    <Section title={words.title} description={words.description}>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Textarea
          {...lines}
          label={words.keys}
          description={words.keysHint}
          {...form.getInputProps("redaction.key_patterns")}
        />
        <Textarea
          {...lines}
          label={words.values}
          description={words.valuesHint}
          {...form.getInputProps("redaction.value_patterns")}
        />
        <Textarea
          {...lines}
          label={words.paths}
          description={words.pathsHint}
          {...form.getInputProps("redaction.paths")}
        />
        <Textarea
          {...lines}
          label={words.allowed}
          description={words.allowedHint}
          {...form.getInputProps("redaction.allowed_paths")}
        />
      </SimpleGrid>
    </Section>
  );
}
