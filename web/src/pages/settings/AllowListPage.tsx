import { useQuery } from "@tanstack/react-query";

import { allowListQuery } from "../../api/allow_list";
import { t } from "../../texts";
import { AllowListForm } from "./AllowListForm";
import { Loaded } from "./Loaded";
import { Section } from "./Section";
import { SettingsPage } from "./SettingsPage";

const words = t.settings.allowList;

export function AllowListPage() {
  return (
    <SettingsPage title={words.title} description={words.description} permission="security:manage">
      <LoadedList />
    </SettingsPage>
  );
}

function LoadedList() {
  const list = useQuery(allowListQuery);
  return (
    <Section title={words.addresses}>
      <Loaded query={list} rows={4}>
        {({ entries, your_address: address }) => (
          <AllowListForm entries={entries} yourAddress={address} />
        )}
      </Loaded>
    </Section>
  );
}
