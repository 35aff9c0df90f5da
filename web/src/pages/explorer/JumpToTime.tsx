import { ActionIcon, Loader, Popover } from "@mantine/core";
import { IconClockSearch } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";

import { usePrefetch } from "../../shell/usePrefetch";
import { useShortcuts } from "../../shell/shortcuts/useShortcuts";
import { t } from "../../texts";

const load = () => import("./JumpForm");
// With it come the rules of all time zones.
const JumpForm = lazy(async () => ({ default: (await load()).JumpForm }));

/** A button, and T: to the events of a time. */
export function JumpToTime() {
  const [isOpen, setOpen] = useState(false);
  usePrefetch(load);
  useShortcuts(t.explorer.title, [
    {
      keys: "t",
      label: t.explorer.tools.jump,
      run: () => {
        setOpen(true);
      },
    },
  ]);
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      position="bottom-end"
      // Known before the form is loaded: it is placed by its width, also on a phone.
      width={340}
      shadow="md"
      trapFocus
    >
      <Popover.Target>
        <ActionIcon
          size={30}
          variant="default"
          aria-label={t.explorer.tools.jump}
          title={t.explorer.tools.jump}
          onClick={() => {
            setOpen(!isOpen);
          }}
        >
          <IconClockSearch size={16} stroke={1.75} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label={t.explorer.tools.jump}>
        <Suspense fallback={<Loader size="sm" />}>
          <JumpForm
            onDone={() => {
              setOpen(false);
            }}
          />
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  );
}
