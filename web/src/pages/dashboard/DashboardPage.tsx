import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";

import { useMay, useMe } from "../../api/me";
import { NoPermission } from "../../parts/NoPermission";
import { PageHeader } from "../../parts/PageHeader";
import { t } from "../../texts";
import { DashboardBody } from "./DashboardBody";

/** What happens in the organization. Who may not see that finds the way to their own activity. */
export function DashboardPage() {
  const me = useMe();
  const mayView = useMay("user:view");
  if (mayView) {
    return (
      <div className="tk-page">
        <DashboardBody />
      </div>
    );
  }
  return (
    <div className="tk-page">
      <PageHeader
        title={t.dashboard.title}
        description={t.dashboard.description(me.organization.name)}
      />
      <NoPermission permission="user:view">
        {me.user_id && (
          <Button
            variant="default"
            renderRoot={(root) => (
              <Link {...root} to="/users/$userId/overview" params={{ userId: me.user_id ?? "" }} />
            )}
          >
            {t.dashboard.noPermission.own}
          </Button>
        )}
      </NoPermission>
    </div>
  );
}
