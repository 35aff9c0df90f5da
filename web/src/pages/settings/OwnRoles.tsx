import { Button, Group, Text } from "@mantine/core";
import { useState } from "react";

import { useDeleteRole, type Role } from "../../api/roles";
import { EmptyState } from "../../parts/EmptyState";
import { Gate } from "../../parts/Gate";
import { notifyDone } from "../../parts/notify";
import { Plain } from "../../parts/Plain";
import { t } from "../../texts";
import { ConfirmDialog } from "./ConfirmDialog";
import classes from "./OwnRoles.module.css";
import { RoleDialog } from "./RoleDialog";

const words = t.settings.roles;

export function OwnRoles({ roles }: { roles: Role[] }) {
  const [edited, setEdited] = useState<Role | null>(null);
  const [removed, setRemoved] = useState<Role | null>(null);
  const remove = useDeleteRole();
  const gone = removed?.name ?? "";
  if (roles.length === 0) {
    return <EmptyState title={words.none} text={words.noneText} isCompact />;
  }
  return (
    <>
      <ul className={classes.list}>
        {roles.map((role) => (
          <li key={role.name} className={classes.row}>
            <div className={classes.what}>
              <Text fw={600} size="sm">
                {role.name}
                <Text span size="xs" c="dimmed" ml="sm" fw={400}>
                  {words.holdersOf(role.members)}
                </Text>
              </Text>
              {role.description !== "" && (
                <Text size="sm" component="div">
                  <Plain text={role.description} />
                </Text>
              )}
              <Text size="xs" c="dimmed" className="tk-mono">
                {role.permissions.join(", ")}
              </Text>
            </div>
            <Gate permission="role:manage">
              <Group gap="xs">
                <Button
                  size="xs"
                  variant="default"
                  aria-label={words.change(role.name)}
                  onClick={() => {
                    setEdited(role);
                  }}
                >
                  {t.settings.edit}
                </Button>
                <Button
                  size="xs"
                  variant="default"
                  aria-label={words.remove(role.name)}
                  onClick={() => {
                    setRemoved(role);
                  }}
                >
                  {t.settings.members.delete}
                </Button>
              </Group>
            </Gate>
          </li>
        ))}
      </ul>
      <RoleDialog
        role={edited}
        onClose={() => {
          setEdited(null);
        }}
      />
      <ConfirmDialog
        isOpen={removed !== null}
        isDangerous
        title={words.removeTitle(gone)}
        text={words.removeText}
        confirm={t.settings.members.delete}
        onConfirm={() =>
          remove.mutateAsync(gone).then(() => {
            notifyDone(words.removed(gone));
          })
        }
        onClose={() => {
          setRemoved(null);
        }}
      />
    </>
  );
}
