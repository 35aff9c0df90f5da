import type { ReactNode } from "react";

import { useMay, type Permission } from "../api/me";

export interface GateProps {
  permission: Permission;
  children: ReactNode;
  /** What others see; nothing by default, since what the service would refuse is not offered. */
  otherwise?: ReactNode;
}

/** Shows something to those who may do it. */
export function Gate({ permission, children, otherwise = null }: GateProps) {
  return useMay(permission) ? children : otherwise;
}
