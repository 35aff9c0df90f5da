import { Button } from "@mantine/core";
import { IconUserPlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";

import { useMay, useMe } from "../../api/me";
import { Gate } from "../../parts/Gate";
import { NoPermission } from "../../parts/NoPermission";
import { PageHeader } from "../../parts/PageHeader";
import { t } from "../../texts";
import { Directory } from "./Directory";

/** User Management: the directory. Who may not see it finds the way to their own profile. */
export function UsersPage() {
  const me = useMe();
  const mayView = useMay("user:view");
  return (
    <div className="tk-page">
      <PageHeader
        title={t.users.title}
        description={t.users.description}
        actions={
          <Gate permission="user:manage">
            <Button
              leftSection={<IconUserPlus size={16} aria-hidden />}
              renderRoot={(root) => <Link {...root} to="/settings/members" />}
            >
              {t.users.invite}
            </Button>
          </Gate>
        }
      />
      {mayView ? (
        <Directory />
      ) : (
        <NoPermission permission="user:view">
          {me.user_id && (
            <Button
              variant="default"
              renderRoot={(root) => (
                <Link
                  {...root}
                  to="/users/$userId/overview"
                  params={{ userId: me.user_id ?? "" }}
                />
              )}
            >
              {t.users.ownProfile}
            </Button>
          )}
        </NoPermission>
      )}
    </div>
  );
}
