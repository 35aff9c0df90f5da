import { Button, Drawer } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconAdjustmentsHorizontal } from "@tabler/icons-react";

import { t } from "../../texts";
import classes from "./Explorer.module.css";
import { Facets } from "./Facets";

export interface FacetsPlaceProps {
  isReady: boolean;
  /** There is nothing to count: the search failed. */
  hasFailed: boolean;
  isNarrow: boolean;
}

/** The facets: at the table's side, or, where there is no room for them, behind a button. */
export function FacetsPlace({ isReady, hasFailed, isNarrow }: FacetsPlaceProps) {
  const [isOpen, { open, close }] = useDisclosure(false);
  if (!isNarrow) {
    return (
      <aside className={classes.side} aria-label={t.explorer.facets.label} tabIndex={0}>
        <h2 className="tk-visually-hidden">{t.explorer.facets.label}</h2>
        {!hasFailed && <Facets isReady={isReady} />}
      </aside>
    );
  }
  return (
    <>
      <Button
        size="xs"
        variant="default"
        className={classes.sideButton}
        leftSection={<IconAdjustmentsHorizontal size={14} aria-hidden />}
        onClick={open}
      >
        {t.explorer.facets.open}
      </Button>
      <Drawer.Root opened={isOpen} onClose={close} size="xs">
        <Drawer.Overlay backgroundOpacity={0.2} />
        <Drawer.Content aria-label={t.explorer.facets.label}>
          {/* A `header` here would be a second banner of the page. */}
          <Drawer.Header component="div">
            <Drawer.Title>{t.explorer.facets.label}</Drawer.Title>
            <Drawer.CloseButton aria-label={t.explorer.facets.close} />
          </Drawer.Header>
          <Drawer.Body>{!hasFailed && <Facets isReady={isReady} />}</Drawer.Body>
        </Drawer.Content>
      </Drawer.Root>
    </>
  );
}
