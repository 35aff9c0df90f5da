import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconAdjustmentsHorizontal } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";

import { t } from "../../texts";
import classes from "./Explorer.module.css";
import { Facets } from "./Facets";

// Wide screens never need it.
const FacetsDrawer = lazy(async () => ({ default: (await import("./FacetsDrawer")).FacetsDrawer }));

export interface FacetsPlaceProps {
  isReady: boolean;
  /** There is nothing to count: the search failed. */
  hasFailed: boolean;
  isNarrow: boolean;
}

/** The facets: at the table's side, or, where there is no room for them, behind a button. */
export function FacetsPlace({ isReady, hasFailed, isNarrow }: FacetsPlaceProps) {
  const [isOpen, { open, close }] = useDisclosure(false);
  const [wasOpened, setOpened] = useState(false);
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
        onClick={() => {
          setOpened(true);
          open();
        }}
      >
        {t.explorer.facets.open}
      </Button>
      <Suspense>
        {wasOpened && (
          <FacetsDrawer isOpen={isOpen} onClose={close}>
            {!hasFailed && <Facets isReady={isReady} />}
          </FacetsDrawer>
        )}
      </Suspense>
    </>
  );
}
