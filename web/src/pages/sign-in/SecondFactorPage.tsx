import { Anchor, SegmentedControl, Text } from "@mantine/core";
import { Link, Navigate, useLocation } from "@tanstack/react-router";
import { useState } from "react";

import type { Factor } from "../../api/sign_in";
import { t } from "../../texts";
import { CodeForm } from "./CodeForm";
import { ownPath } from "./ownPath";
import { PasskeyStep } from "./PasskeyStep";
import { SignInCard } from "./SignInCard";

const ORDER: readonly Factor[] = ["totp", "passkey", "recovery_code"];

/** The second half of a sign-in, with any of the factors that the person has. */
export function SecondFactorPage() {
  const location = useLocation();
  const next = ownPath((location.search as { next?: unknown }).next);
  // As it was when the page opened: on the way to the next page its address is that one's already.
  const [pending] = useState(location.state.pendingSignIn);
  const methods = ORDER.filter((each) => pending?.methods.includes(each));
  const [chosen, setChosen] = useState<Factor | undefined>(methods[0]);
  const words = t.signIn.secondFactor;
  if (!pending || !chosen) return <Navigate to="/login" search={{ next }} replace />;
  return (
    <SignInCard
      title={words.title}
      description={words.description}
      footer={
        <>
          <Text size="sm" c="dimmed" mb={6}>
            {words.lost}
          </Text>
          <Anchor
            size="sm"
            renderRoot={(props: object) => <Link to="/login" search={{ next }} {...props} />}
          >
            {words.restart}
          </Anchor>
        </>
      }
    >
      {methods.length > 1 && (
        <SegmentedControl
          fullWidth
          mb="md"
          aria-label={words.methods}
          value={chosen}
          onChange={(value) => {
            setChosen(value);
          }}
          data={methods.map((value) => ({ value, label: words[value] }))}
        />
      )}
      {chosen === "passkey" ? (
        <PasskeyStep ticket={pending.ticket} next={next} />
      ) : (
        <CodeForm key={chosen} method={chosen} ticket={pending.ticket} next={next} />
      )}
    </SignInCard>
  );
}
