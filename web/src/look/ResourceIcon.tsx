import { createElement } from "react";

import { resourceIcon } from "./resources";

export interface ResourceIconProps {
  type: string;
  size?: number;
}

/** The icon of a type of resource; the type's word stands beside it. */
export function ResourceIcon({ type, size = 16 }: ResourceIconProps) {
  return createElement(resourceIcon(type), { size, stroke: 1.75, "aria-hidden": true });
}
