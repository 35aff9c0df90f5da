import { Drawer } from "@mantine/core";
import type { ReactNode } from "react";

import { useOpening } from "../../shell/useOpening";
import { t } from "../../texts";

export interface FacetsDrawerProps {
  isOpen: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** The facets over the page, where there is no room for them beside the table. */
export function FacetsDrawer({ isOpen, onClose, children }: FacetsDrawerProps) {
  return (
    <Drawer.Root opened={useOpening(isOpen)} onClose={onClose} size="xs">
      <Drawer.Overlay backgroundOpacity={0.2} />
      <Drawer.Content aria-label={t.explorer.facets.label}>
        {/* A `header` here would be a second banner of the page. */}
        <Drawer.Header component="div">
          <Drawer.Title>{t.explorer.facets.label}</Drawer.Title>
          <Drawer.CloseButton aria-label={t.explorer.facets.close} />
        </Drawer.Header>
        <Drawer.Body>{children}</Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}
