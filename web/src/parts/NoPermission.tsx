import { Code } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import type { ReactNode } from "react";

import { useMe } from "../api/me";
import { t } from "../texts";
import { Notice } from "./Notice";

export interface NoPermissionProps {
  /** What is missing, `user:view`. */
  permission?: string;
  /** What the person may do instead. */
  children?: ReactNode;
}

/** Says which permission is missing, which role one has, and whom to ask. */
export function NoPermission({ permission, children }: NoPermissionProps) {
  const { role } = useMe();
  return (
    <Notice
      icon={<IconLock size={20} stroke={1.75} />}
      title={t.parts.denied.title}
      text={
        <>
          {permission !== undefined && (
            <>
              {t.parts.denied.needs} <Code>{permission}</Code>
              {". "}
            </>
          )}
          {role && t.parts.denied.role(role)} {t.parts.denied.ask}
        </>
      }
      action={children}
      role="status"
    />
  );
}
