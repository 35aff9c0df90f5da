import { Group, MultiSelect, Pill, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { useMay } from "../../api/me";
import { rolesQuery } from "../../api/roles";
import { UserPicker } from "../../parts/UserPicker";
import { t } from "../../texts";
import { PersonName } from "../security/PersonName";

interface Props {
  people: string[];
  roles: string[];
  error?: string;
  onChange: (changes: { people?: string[]; roles?: string[] }) => void;
}

/** People and roles, for the channels that reach them. */
export function RecipientFields({ people, roles, error, onChange }: Props) {
  const words = t.notifications.plan;
  const mayFind = useMay("user:view");
  const found = useQuery({ ...rolesQuery, enabled: mayFind });
  const names = (found.data?.items ?? []).map((role) => role.name);
  // The picker is emptied after each choice: what was chosen stands beside it.
  const [picks, setPicks] = useState(0);
  return (
    <Stack gap="xs">
      <Group gap="sm" align="flex-start">
        <MultiSelect
          label={words.roles}
          placeholder={roles.length === 0 ? words.rolesPlaceholder : undefined}
          data={[...new Set([...names, ...roles])]}
          value={roles}
          error={error}
          w={320}
          onChange={(chosen) => onChange({ roles: chosen })}
        />
        {mayFind && (
          <UserPicker
            key={picks}
            label={words.addPerson}
            value={undefined}
            onChange={(userId) => {
              if (userId !== undefined && !people.includes(userId)) {
                onChange({ people: [...people, userId] });
              }
              setPicks(picks + 1);
            }}
          />
        )}
      </Group>
      {people.length > 0 && (
        <Group gap={6} role="group" aria-label={words.people}>
          {people.map((userId) => (
            <Pill
              key={userId}
              size="md"
              withRemoveButton
              removeButtonProps={{ "aria-label": words.removePerson(userId), tabIndex: 0 }}
              onRemove={() => onChange({ people: people.filter((each) => each !== userId) })}
            >
              <PersonName userId={userId} />
            </Pill>
          ))}
        </Group>
      )}
      <Text size="xs" c="dimmed">
        {words.peopleHint}
      </Text>
    </Stack>
  );
}
