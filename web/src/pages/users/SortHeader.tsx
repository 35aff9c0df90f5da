import { Table, UnstyledButton } from "@mantine/core";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";

import type { SortOrder } from "../../api/users";
import { t } from "../../texts";
import classes from "./SortHeader.module.css";

interface SortHeaderProps {
  label: string;
  /** Undefined: the list is not sorted by it. */
  order: SortOrder | undefined;
  onSort: () => void;
  className?: string;
  isNumber?: boolean;
}

/** A column's head that sorts by it, and says so. */
export function SortHeader({ label, order, onSort, className, isNumber }: SortHeaderProps) {
  const Icon = order === "asc" ? IconArrowUp : IconArrowDown;
  const sorted = order === "asc" ? "ascending" : order === "desc" ? "descending" : "none";
  return (
    <Table.Th className={className} aria-sort={sorted}>
      <UnstyledButton
        className={classes.button}
        data-number={isNumber ? true : undefined}
        title={t.users.sortBy(label)}
        onClick={onSort}
      >
        {label}
        <Icon
          size={14}
          aria-hidden
          className={classes.icon}
          data-off={order === undefined ? true : undefined}
        />
      </UnstyledButton>
    </Table.Th>
  );
}
