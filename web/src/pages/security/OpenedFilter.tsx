import { Button, Group } from "@mantine/core";
import { IconClock } from "@tabler/icons-react";

import { t } from "../../texts";
import { DEFAULT_RANGE, type Range } from "../../time/range";
import { RangePicker } from "../../time/RangePicker";

interface Props {
  range: Range | null;
  onChange: (range: Range | null) => void;
}

/** When a detection was opened: at any time, or within a range. */
export function OpenedFilter({ range, onChange }: Props) {
  if (range === null) {
    return (
      <Button
        size="xs"
        variant="default"
        leftSection={<IconClock size={16} aria-hidden />}
        onClick={() => onChange(DEFAULT_RANGE)}
      >
        {t.security.list.limitTime}
      </Button>
    );
  }
  return (
    <Group gap="xs">
      <RangePicker value={range} onChange={onChange} />
      <Button size="xs" variant="subtle" onClick={() => onChange(null)}>
        {t.security.list.anyTime}
      </Button>
    </Group>
  );
}
