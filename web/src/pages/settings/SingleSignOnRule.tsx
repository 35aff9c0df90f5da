import { Select, Switch } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";

import { activeMembersQuery } from "../../api/people";
import { t } from "../../texts";
import { Section } from "./Section";
import type { SingleSignOnValues } from "./singleSignOnValues";

const words = t.settings.singleSignOn;

/** Whether the provider is the only way in, and who has another while it is down. */
export function SingleSignOnRule({ form }: { form: UseFormReturnType<SingleSignOnValues> }) {
  const admins = useQuery(activeMembersQuery("SUPER_ADMIN"));
  return (
    <Section title={words.rule}>
      <Switch
        label={words.required}
        description={words.requiredHint}
        {...form.getInputProps("is_required", { type: "checkbox" })}
      />
      <Select
        label={words.breakGlass}
        description={words.breakGlassHint}
        mt="md"
        maw={420}
        clearable
        searchable
        required={form.values.is_required}
        withAsterisk={false}
        data={(admins.data?.items ?? []).map((member) => ({
          value: member.user_id,
          label: member.name ?? member.user_email ?? member.user_id,
        }))}
        {...form.getInputProps("break_glass_user")}
      />
    </Section>
  );
}
