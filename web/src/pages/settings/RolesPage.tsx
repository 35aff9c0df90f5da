import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { permissionsQuery, rolesQuery } from "../../api/roles";
import { Gate } from "../../parts/Gate";
import { t } from "../../texts";
import { Loaded } from "./Loaded";
import { OwnRoles } from "./OwnRoles";
import { RoleDialog } from "./RoleDialog";
import { RoleTable } from "./RoleTable";
import { Section } from "./Section";
import { SettingsPage } from "./SettingsPage";

const words = t.settings.roles;

export function RolesPage() {
  const [isAdding, setAdding] = useState(false);
  return (
    <SettingsPage
      title={words.title}
      description={words.description}
      permission="user:view"
      actions={
        <Gate permission="role:manage">
          <Button
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() => {
              setAdding(true);
            }}
          >
            {words.add}
          </Button>
        </Gate>
      }
    >
      <Sections />
      <RoleDialog
        role={isAdding ? "new" : null}
        onClose={() => {
          setAdding(false);
        }}
      />
    </SettingsPage>
  );
}

function Sections() {
  const roles = useQuery(rolesQuery);
  const permissions = useQuery(permissionsQuery);
  return (
    <>
      <Section title={words.own} description={words.ownText}>
        <Loaded query={roles}>
          {({ items }) => <OwnRoles roles={items.filter((role) => !role.is_built_in)} />}
        </Loaded>
      </Section>
      <Section title={words.builtIn} description={words.builtInText}>
        <Loaded query={roles} rows={14}>
          {({ items }) => (
            <Loaded query={permissions} rows={14}>
              {(known) => (
                <RoleTable
                  roles={items.filter((role) => role.is_built_in)}
                  permissions={known.items}
                />
              )}
            </Loaded>
          )}
        </Loaded>
      </Section>
    </>
  );
}
