import { Modal } from "@mantine/core";

import type { Role } from "../../api/roles";
import { t } from "../../texts";
import { RoleForm } from "./RoleForm";

type Props = { role: Role | "new" | null; onClose: () => void };

/** A role to be made or changed. */
export function RoleDialog({ role, onClose }: Props) {
  const words = t.settings.roles.form;
  const title = role === "new" || role === null ? words.add : words.edit(role.name);
  return (
    <Modal opened={role !== null} onClose={onClose} title={title} size="lg">
      {role !== null && <RoleForm role={role === "new" ? null : role} onClose={onClose} />}
    </Modal>
  );
}
