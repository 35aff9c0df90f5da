import { useMay } from "../../api/me";
import { NoPermission } from "../../parts/NoPermission";
import { PageHeader } from "../../parts/PageHeader";
import { t } from "../../texts";
import { ResourceList } from "./ResourceList";

/** Everything that events were about. */
export function ResourcesPage() {
  const mayView = useMay("user:view");
  return (
    <div className="tk-page">
      <PageHeader title={t.resources.title} description={t.resources.description} />
      {mayView ? <ResourceList /> : <NoPermission permission="user:view" />}
    </div>
  );
}
