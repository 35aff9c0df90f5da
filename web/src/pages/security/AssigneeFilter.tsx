import { Group, Select } from "@mantine/core";

import { useMay, useMe } from "../../api/me";
import { UserPicker } from "../../parts/UserPicker";
import { t } from "../../texts";
import { NOBODY } from "./search";

interface AssigneeProps {
  value: string | undefined;
  onChange: (assignee: string | undefined) => void;
}

export function AssigneeFilter({ value, onChange }: AssigneeProps) {
  const me = useMe();
  const mayFind = useMay("user:view");
  const known = [NOBODY, me.user_id].includes(value) || value === undefined;
  const choices = [
    { value: NOBODY, label: t.security.list.nobody },
    ...(me.user_id ? [{ value: me.user_id, label: t.security.list.me }] : []),
  ];
  return (
    <Group gap="xs" align="flex-end">
      <Select
        size="xs"
        label={t.security.list.assignee}
        placeholder={t.security.list.anyone}
        data={choices}
        value={known ? (value ?? null) : null}
        onChange={(chosen) => onChange(chosen ?? undefined)}
        clearable
        w={150}
      />
      {mayFind && (
        <UserPicker
          label={t.security.list.orSomebody}
          value={known ? undefined : value}
          onChange={onChange}
        />
      )}
    </Group>
  );
}
