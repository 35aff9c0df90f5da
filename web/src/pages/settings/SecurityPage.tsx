import { Alert } from "@mantine/core";
import { IconShieldExclamation } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { factorsQuery } from "../../api/factors";
import { useMe } from "../../api/me";
import { t } from "../../texts";
import { When } from "../../time/When";
import { Loaded } from "./Loaded";
import { PasskeysSection } from "./PasskeysSection";
import { PasswordSection } from "./PasswordSection";
import { RecoveryCodesDialog } from "./RecoveryCodesDialog";
import { RecoverySection } from "./RecoverySection";
import { Section } from "./Section";
import { SessionsSection } from "./SessionsSection";
import { SettingsPage } from "./SettingsPage";
import { TotpSection } from "./TotpSection";

/** How one signs in, and where one is signed in. */
export function SecurityPage() {
  const me = useMe();
  const words = t.settings.security;
  const factors = useQuery(factorsQuery);
  const [codes, setCodes] = useState<string[] | null>(null);
  const show = (made: string[]) => {
    setCodes(made.length > 0 ? made : null);
  };
  return (
    <SettingsPage title={words.title} description={words.description}>
      {me.must_enroll && (
        <Alert
          color="orange"
          mb="lg"
          icon={<IconShieldExclamation aria-hidden />}
          title={t.settings.enrol.title}
        >
          {t.settings.enrol.text}
        </Alert>
      )}
      <Loaded query={factors} rows={6}>
        {(own) => (
          <>
            {!me.must_enroll && own.required_from !== null && own.methods.length === 0 && (
              <Alert color="orange" mb="lg" icon={<IconShieldExclamation aria-hidden />}>
                {t.settings.enrol.soon} <When at={own.required_from} kind="both" />
              </Alert>
            )}
            {/* Someone who has to enrol is let in to that and to nothing else. */}
            {!me.must_enroll && <PasswordSection />}
            <TotpSection factors={own} onCodes={show} />
            <PasskeysSection onCodes={show} />
            {!me.must_enroll && <RecoverySection factors={own} onCodes={show} />}
          </>
        )}
      </Loaded>
      {!me.must_enroll && (
        <Section title={words.sessions.title} description={words.sessions.description}>
          <SessionsSection />
        </Section>
      )}
      <RecoveryCodesDialog
        codes={codes}
        onClose={() => {
          setCodes(null);
        }}
      />
    </SettingsPage>
  );
}
