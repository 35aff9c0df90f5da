import { Alert, Button, Divider } from "@mantine/core";
import { IconBuilding, IconCircleCheck } from "@tabler/icons-react";
import { useLocation } from "@tanstack/react-router";
import { useState } from "react";

import { t } from "../../texts";
import { ownPath } from "./ownPath";
import { PasskeyButton } from "./PasskeyButton";
import { PasswordForm } from "./PasswordForm";
import { SignInCard } from "./SignInCard";
import { SingleSignOnFault } from "./SingleSignOnFault";
import { SingleSignOnForm } from "./SingleSignOnForm";

/** Signing in: with e-mail and password, with a passkey, or at the organization's provider. */
export function LoginPage() {
  const location = useLocation();
  const next = ownPath((location.search as { next?: unknown }).next);
  const fault = new URLSearchParams(location.hash).get("error");
  const [isSingleSignOn, setSingleSignOn] = useState(fault !== null);
  const words = t.signIn.login;
  return (
    <SignInCard title={words.title}>
      {fault !== null && <SingleSignOnFault code={fault} />}
      {location.state.isPasswordReset && (
        <Alert color="green" icon={<IconCircleCheck aria-hidden />} mb="md" role="status">
          {words.passwordReset}
        </Alert>
      )}
      {isSingleSignOn ? (
        <SingleSignOnForm next={next} />
      ) : (
        <PasswordForm
          next={next}
          onSingleSignOn={() => {
            setSingleSignOn(true);
          }}
        />
      )}
      <Divider label={words.or} my="md" />
      <PasskeyButton next={next} />
      <Button
        variant="default"
        fullWidth
        mt="sm"
        leftSection={<IconBuilding size={18} aria-hidden />}
        onClick={() => {
          setSingleSignOn(!isSingleSignOn);
        }}
      >
        {isSingleSignOn ? words.back : words.singleSignOn}
      </Button>
    </SignInCard>
  );
}
