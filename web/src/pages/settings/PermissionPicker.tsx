import { Checkbox, Input, SimpleGrid } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { useMe } from "../../api/me";
import { permissionsQuery, type Permission, type PermissionInfo } from "../../api/roles";
import { t } from "../../texts";
import { Loaded } from "./Loaded";

type Props = {
  label: string;
  /** Said of what one may not do oneself, and so cannot give. */
  notYours: string;
  value?: Permission[];
  error?: ReactNode;
  onChange?: (value: Permission[]) => void;
};

/** Everything that can be permitted, each with what it means and includes. */
export function PermissionPicker({ label, notYours, value = [], error, onChange }: Props) {
  const me = useMe();
  const permissions = useQuery(permissionsQuery);
  const toggle = (name: Permission) =>
    onChange?.(value.includes(name) ? value.filter((each) => each !== name) : [...value, name]);
  return (
    <Input.Wrapper label={label} error={error} labelElement="div">
      <Loaded query={permissions} rows={8}>
        {({ items }) => (
          <SimpleGrid
            cols={{ base: 1, sm: 2 }}
            mt="xs"
            spacing="sm"
            role="group"
            aria-label={label}
          >
            {items.map((permission) => {
              const wider = includedIn(permission, items, value);
              const isOwn = me.permissions.includes(permission.name);
              return (
                <Checkbox
                  key={permission.name}
                  label={permission.name}
                  description={
                    wider
                      ? t.settings.roles.form.implied(wider)
                      : isOwn
                        ? permission.description
                        : notYours
                  }
                  checked={wider !== undefined || value.includes(permission.name)}
                  disabled={wider !== undefined || (!isOwn && !value.includes(permission.name))}
                  onChange={() => toggle(permission.name)}
                />
              );
            })}
          </SimpleGrid>
        )}
      </Loaded>
    </Input.Wrapper>
  );
}

/** The chosen permission that includes this one: `user:manage` includes `user:view`. */
function includedIn(
  permission: PermissionInfo,
  all: PermissionInfo[],
  chosen: Permission[],
): Permission | undefined {
  return all.find((each) => each.implies === permission.name && chosen.includes(each.name))?.name;
}
