import { useQuery } from "@tanstack/react-query";

import { singleSignOnQuery } from "../../api/single_sign_on";
import { t } from "../../texts";
import { Loaded } from "./Loaded";
import { SettingsPage } from "./SettingsPage";
import { SingleSignOnForm } from "./SingleSignOnForm";
import { SingleSignOnState } from "./SingleSignOnState";

const words = t.settings.singleSignOn;

export function SingleSignOnPage() {
  return (
    <SettingsPage title={words.title} description={words.description} permission="security:manage">
      <LoadedProvider />
    </SettingsPage>
  );
}

function LoadedProvider() {
  const provider = useQuery(singleSignOnQuery);
  return (
    <Loaded query={provider} rows={10}>
      {(known) => (
        <>
          <SingleSignOnState known={known} />
          {/* Another provider is another form. */}
          <SingleSignOnForm key={known?.created_at ?? "none"} known={known} />
        </>
      )}
    </Loaded>
  );
}
