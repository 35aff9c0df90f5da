import { useMay, useMe } from "../../api/me";
import { NoPermission } from "../../parts/NoPermission";
import { PageHeader } from "../../parts/PageHeader";
import { t } from "../../texts";
import { AnalyticsBody } from "./AnalyticsBody";

/** Team analytics: how the organization works. */
export function AnalyticsPage() {
  const { organization } = useMe();
  const mayView = useMay("user:view");
  return (
    <div className="tk-page">
      <PageHeader
        title={t.analytics.title}
        description={t.analytics.description(organization.name)}
      />
      {mayView ? <AnalyticsBody /> : <NoPermission permission="user:view" />}
    </div>
  );
}
