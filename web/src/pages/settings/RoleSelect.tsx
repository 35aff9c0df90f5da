import { Select, Text, type ComboboxItem, type SelectProps } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { useMe } from "../../api/me";
import { rolesQuery, type Role } from "../../api/roles";
import { t } from "../../texts";

/** The organization's roles; those that may do more than oneself cannot be given. */
export function RoleSelect(props: Omit<SelectProps, "data">) {
  const me = useMe();
  const roles = useQuery(rolesQuery);
  const known = roles.data?.items ?? [];
  const isTooWide = (role: Role) => role.permissions.some((each) => !me.permissions.includes(each));
  return (
    <Select
      allowDeselect={false}
      required
      withAsterisk={false}
      data={known.map((role) => ({
        value: role.name,
        label: role.name,
        disabled: isTooWide(role),
      }))}
      renderOption={({ option }) => (
        <RoleOption option={option} role={known.find((role) => role.name === option.value)} />
      )}
      {...props}
    />
  );
}

function RoleOption({ option, role }: { option: ComboboxItem; role: Role | undefined }) {
  return (
    <div>
      <Text size="sm">{option.label}</Text>
      <Text size="xs" c="dimmed">
        {option.disabled ? t.settings.roles.tooWide : role?.description}
      </Text>
    </div>
  );
}
