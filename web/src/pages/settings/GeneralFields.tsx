import { Select, SimpleGrid, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";

import type { Organization } from "../../api/organization";
import { t } from "../../texts";
import { When } from "../../time/When";
import { Facts } from "./Facts";
import type { OrganizationValues } from "./organizationValues";
import { Section } from "./Section";

type Props = { form: UseFormReturnType<OrganizationValues>; organization: Organization };

/** Browsers leave UTC out of their own list. */
const ZONES = ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")];

export function GeneralFields({ form, organization }: Props) {
  const words = t.settings.organization;
  const known = organization.time_zone;
  return (
    <Section title={words.general}>
      <SimpleGrid cols={{ base: 1, sm: 2 }} mb="md">
        <TextInput
          label={words.name}
          maxLength={200}
          required
          withAsterisk={false}
          {...form.getInputProps("name")}
        />
        <Select
          label={words.zone}
          description={words.zoneHint}
          inputWrapperOrder={["label", "input", "description", "error"]}
          searchable
          allowDeselect={false}
          data={ZONES.includes(known) ? ZONES : [known, ...ZONES]}
          limit={100}
          {...form.getInputProps("time_zone")}
        />
      </SimpleGrid>
      <Facts
        facts={[
          {
            label: words.id,
            value: <span className="tk-mono">{organization.id}</span>,
            note: words.idHint,
          },
          { label: words.created, value: <When at={organization.created_at} kind="absolute" /> },
        ]}
      />
    </Section>
  );
}
