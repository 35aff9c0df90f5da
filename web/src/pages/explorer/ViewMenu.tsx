import { Button, Loader, Popover } from "@mantine/core";
import { IconLayoutColumns } from "@tabler/icons-react";
import { lazy, Suspense } from "react";

import { t } from "../../texts";
import classes from "./ViewMenu.module.css";

const ViewOptions = lazy(async () => ({ default: (await import("./ViewOptions")).ViewOptions }));

/** How the events are shown; what can be chosen is loaded when it is opened. */
export function ViewMenu() {
  return (
    <Popover position="bottom-end" withinPortal shadow="md" trapFocus>
      <Popover.Target>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconLayoutColumns size={14} aria-hidden />}
          aria-label={t.explorer.tools.viewLabel}
        >
          <span className={classes.word}>{t.explorer.tools.view}</span>
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={classes.menu} aria-label={t.explorer.tools.viewLabel}>
        <Suspense fallback={<Loader size="sm" />}>
          <ViewOptions />
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  );
}
