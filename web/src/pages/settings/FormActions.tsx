import { Button, Group, Text } from "@mantine/core";

import { t } from "../../texts";

type Props = { isDirty: boolean; isSaving: boolean; submit?: string; onDiscard: () => void };

/** The end of a form that is kept as a whole: what is unsaved, and what to do with it. */
export function FormActions({ isDirty, isSaving, submit, onDiscard }: Props) {
  return (
    <Group mt="lg" gap="sm">
      <Button type="submit" loading={isSaving} disabled={!isDirty}>
        {submit ?? t.settings.save}
      </Button>
      {isDirty && (
        <>
          <Button variant="subtle" onClick={onDiscard} disabled={isSaving}>
            {t.settings.discard}
          </Button>
          <Text size="sm" c="dimmed" role="status">
            {t.settings.unsaved}
          </Text>
        </>
      )}
    </Group>
  );
}
