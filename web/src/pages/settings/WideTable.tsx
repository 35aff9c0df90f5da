import { Table } from "@mantine/core";
import type { ReactNode } from "react";

type Props = { label: string; minWidth: number; children: ReactNode };

/**
 * Scrolls a table sideways where it does not fit; by keys too, for it may hold nothing to focus.
 */
export function WideTable({ label, minWidth, children }: Props) {
  return (
    <Table.ScrollContainer
      minWidth={minWidth}
      type="native"
      tabIndex={0}
      role="group"
      aria-label={label}
    >
      {children}
    </Table.ScrollContainer>
  );
}
