import { Button, Group, Stack } from "@mantine/core";

import { useMay, useMe } from "../../api/me";
import { UserPicker } from "../../parts/UserPicker";
import { t } from "../../texts";

interface Props {
  /** A user's id, "" for nobody, null for not chosen. */
  value: string | null;
  onChange: (userId: string | null) => void;
}

/** Whose a detection shall be: me, nobody, or anyone who can be found. */
export function AssigneePicker({ value, onChange }: Props) {
  const me = useMe();
  const mayFind = useMay("user:view");
  const own = me.user_id;
  return (
    <Stack gap="xs">
      <Group gap="xs">
        {own && (
          <Button
            size="compact-sm"
            variant={value === own ? "filled" : "default"}
            aria-pressed={value === own}
            onClick={() => onChange(own)}
          >
            {t.security.list.me}
          </Button>
        )}
        <Button
          size="compact-sm"
          variant={value === "" ? "filled" : "default"}
          aria-pressed={value === ""}
          onClick={() => onChange("")}
        >
          {t.security.list.nobody}
        </Button>
      </Group>
      {mayFind && (
        <UserPicker
          label={t.security.list.assignee}
          value={value === "" || value === null ? undefined : value}
          onChange={(chosen) => onChange(chosen ?? null)}
        />
      )}
    </Stack>
  );
}
