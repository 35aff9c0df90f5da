import { useQuery } from "@tanstack/react-query";

import { factorPolicyQuery } from "../../api/factors";
import { t } from "../../texts";
import { FactorPolicyForm } from "./FactorPolicyForm";
import { Loaded } from "./Loaded";
import { SettingsPage } from "./SettingsPage";

const words = t.settings.policy;

export function FactorPolicyPage() {
  return (
    <SettingsPage title={words.title} description={words.description} permission="security:manage">
      <LoadedPolicy />
    </SettingsPage>
  );
}

function LoadedPolicy() {
  const policy = useQuery(factorPolicyQuery);
  return (
    <Loaded query={policy} rows={4}>
      {(known) => <FactorPolicyForm policy={known} />}
    </Loaded>
  );
}
