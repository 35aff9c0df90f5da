import { Anchor, Loader, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useLocation } from "@tanstack/react-router";

import { ApiProblem } from "../../api/client";
import { meQuery } from "../../api/me";
import { invitationQuery } from "../../api/sign_in";
import { When } from "../../time/When";
import { t } from "../../texts";
import { InvitationForm } from "./InvitationForm";
import { ProblemNote } from "./ProblemNote";
import { SignInCard } from "./SignInCard";

/** What an invitation is good for, and coming in by it. */
export function InvitationPage() {
  const words = t.signIn.invitation;
  const token = useLocation({ select: (location) => location.hash });
  const invitation = useQuery(invitationQuery(token));
  // Whoever is signed in proves by that whose account it is; for others it is an error to ignore.
  const me = useQuery({ ...meQuery, retry: false });
  const login = (
    <Anchor size="sm" renderRoot={(props: object) => <Link to="/login" {...props} />}>
      {t.signIn.forgot.back}
    </Anchor>
  );
  if (token === "" || isBad(invitation.error)) {
    return (
      <SignInCard title={words.bad} footer={login}>
        <Text>{token === "" ? words.noToken : words.badText}</Text>
      </SignInCard>
    );
  }
  if (invitation.isError) {
    return (
      <SignInCard title={words.reading} footer={login}>
        <ProblemNote error={invitation.error} mb={0} />
      </SignInCard>
    );
  }
  if (invitation.isPending || me.isPending) {
    return (
      <SignInCard title={words.reading}>
        <Loader size="sm" />
      </SignInCard>
    );
  }
  const { organization, email, role, expires_at } = invitation.data;
  return (
    <SignInCard
      title={words.title(organization)}
      description={words.as(email, role)}
      footer={
        <Text size="sm" c="dimmed">
          {words.until} <When at={expires_at} kind="absolute" />
        </Text>
      }
    >
      <InvitationForm
        token={token}
        invitation={invitation.data}
        signedInAs={me.data?.email ?? null}
      />
    </SignInCard>
  );
}

function isBad(error: unknown): boolean {
  return error instanceof ApiProblem && error.code === "LINK_INVALID";
}
