import { Button, Loader, Popover } from "@mantine/core";
import { IconBookmark } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";

import { t } from "../../texts";
import classes from "./SavedViews.module.css";

const SavedViewList = lazy(async () => ({
  default: (await import("./SavedViewList")).SavedViewList,
}));

/** Searches under a name: the own ones, and those that others share. */
export function SavedViews() {
  const [isOpen, setOpen] = useState(false);
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      position="bottom-end"
      withinPortal
      shadow="md"
      trapFocus
    >
      <Popover.Target>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconBookmark size={14} aria-hidden />}
          aria-label={t.views.openLabel}
          onClick={() => {
            setOpen(!isOpen);
          }}
        >
          <span className={classes.word}>{t.views.open}</span>
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={classes.menu} aria-label={t.views.openLabel}>
        <Suspense fallback={<Loader size="sm" />}>
          <SavedViewList
            onDone={() => {
              setOpen(false);
            }}
          />
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  );
}
