import { useQuery } from "@tanstack/react-query";

import { organizationQuery } from "../../api/organization";
import { t } from "../../texts";
import { Loaded } from "./Loaded";
import { OrganizationForm } from "./OrganizationForm";
import { SettingsPage } from "./SettingsPage";

export function OrganizationPage() {
  const words = t.settings.organization;
  return (
    <SettingsPage title={words.title} description={words.description} permission="settings:view">
      <LoadedForm />
    </SettingsPage>
  );
}

/** Asks only where the page may be seen. */
function LoadedForm() {
  const organization = useQuery(organizationQuery);
  return (
    <Loaded query={organization} rows={12}>
      {(known) => <OrganizationForm organization={known} />}
    </Loaded>
  );
}
