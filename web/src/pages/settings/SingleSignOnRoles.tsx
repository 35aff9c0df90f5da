import { ActionIcon, Button, Group, Input, NativeSelect, TextInput } from "@mantine/core";
import { randomId } from "@mantine/hooks";
import type { UseFormReturnType } from "@mantine/form";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";

import { rolesQuery } from "../../api/roles";
import { t } from "../../texts";
import classes from "./AllowListRow.module.css";
import type { SingleSignOnValues } from "./singleSignOnValues";

const words = t.settings.singleSignOn;

/** Which groups at the provider become which roles here, and what everyone else becomes. */
export function SingleSignOnRoles({ form }: { form: UseFormReturnType<SingleSignOnValues> }) {
  const roles = useQuery(rolesQuery);
  const names = (roles.data?.items ?? []).map((role) => role.name);
  const add = () => {
    form.insertListItem("role_mapping", { key: randomId(), group: "", role: names.at(-1) ?? "" });
  };
  return (
    <>
      <TextInput
        label={words.claim}
        description={words.claimHint}
        mt="md"
        maw={360}
        spellCheck={false}
        required
        withAsterisk={false}
        {...form.getInputProps("role_claim")}
      />
      <Input.Wrapper
        label={words.mapping}
        labelElement="div"
        description={words.mappingHint}
        error={form.errors.role_mapping}
        mt="md"
      >
        {form.values.role_mapping.map((mapping, index) => (
          <div key={mapping.key} className={classes.row}>
            <TextInput
              aria-label={words.group(index + 1)}
              placeholder={words.groupLabel}
              spellCheck={false}
              required
              {...form.getInputProps(`role_mapping.${String(index)}.group`)}
            />
            <NativeSelect
              aria-label={words.roleOf(index + 1)}
              data={names}
              {...form.getInputProps(`role_mapping.${String(index)}.role`)}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size={34}
              aria-label={words.removeMapping(index + 1)}
              onClick={() => {
                form.removeListItem("role_mapping", index);
              }}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          </div>
        ))}
      </Input.Wrapper>
      <Group mt="xs">
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={14} aria-hidden />}
          disabled={names.length === 0}
          onClick={add}
        >
          {words.addMapping}
        </Button>
      </Group>
      <NativeSelect
        label={words.defaultRole}
        description={words.defaultRoleHint}
        mt="md"
        maw={420}
        data={[
          { value: "", label: words.nobody },
          ...names.map((name) => ({ value: name, label: name })),
        ]}
        {...form.getInputProps("default_role")}
      />
    </>
  );
}
