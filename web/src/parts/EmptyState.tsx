import { IconInbox } from "@tabler/icons-react";
import type { ReactNode } from "react";

import { Notice } from "./Notice";

export interface EmptyStateProps {
  icon?: ReactNode;
  title: string;
  /** Why there is nothing, and what would change that. */
  text?: ReactNode;
  action?: ReactNode;
  /** Within a panel. */
  isCompact?: boolean;
}

/** Nothing there, and why. */
export function EmptyState({ icon, title, text, action, isCompact }: EmptyStateProps) {
  return (
    <Notice
      icon={icon ?? <IconInbox size={20} stroke={1.75} />}
      title={title}
      text={text}
      action={action}
      isCompact={isCompact}
      role="status"
    />
  );
}
