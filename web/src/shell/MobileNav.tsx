import { Drawer } from "@mantine/core";

import { Brand } from "./Brand";
import { SideNav } from "./SideNav";

export interface MobileNavProps {
  isOpen: boolean;
  onClose: () => void;
}

/** The pages' menu where there is no room for the sidebar. */
export function MobileNav({ isOpen, onClose }: MobileNavProps) {
  return (
    <Drawer opened={isOpen} onClose={onClose} title={<Brand />} size={260} padding="xs">
      <SideNav onGo={onClose} />
    </Drawer>
  );
}
