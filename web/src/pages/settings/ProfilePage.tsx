import { useMay } from "../../api/me";
import { t } from "../../texts";
import { LookSection } from "./LookSection";
import { NameForm } from "./NameForm";
import { PersonFacts } from "./PersonFacts";
import { Section } from "./Section";
import { SettingsPage } from "./SettingsPage";
import { ViewersSection } from "./ViewersSection";

/** Who one is here, how the console looks, and who looked at one's activity. */
export function ProfilePage() {
  const words = t.settings.profile;
  const mayRename = useMay("user:manage");
  return (
    <SettingsPage title={words.title} description={words.description}>
      <Section title={t.settings.groups.own}>
        {mayRename && <NameForm />}
        <PersonFacts />
      </Section>
      <LookSection />
      <ViewersSection />
    </SettingsPage>
  );
}
