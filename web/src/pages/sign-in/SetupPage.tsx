import { Anchor, Code, Loader, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useLocation } from "@tanstack/react-router";

import { setupQuery } from "../../api/sign_in";
import { t } from "../../texts";
import { ProblemNote } from "./ProblemNote";
import { SetupForm } from "./SetupForm";
import { SignInCard } from "./SignInCard";

/** First run: whoever has the link from the terminal becomes the first who may do everything. */
export function SetupPage() {
  const token = useLocation({ select: (location) => location.hash });
  const setup = useQuery(setupQuery);
  const words = t.signIn.setup;
  if (setup.isPending || setup.isError) {
    return (
      <SignInCard title={words.title}>
        {setup.isPending ? <Loader size="sm" /> : <ProblemNote error={setup.error} mb={0} />}
      </SignInCard>
    );
  }
  if (!setup.data.needed) {
    return (
      <SignInCard title={words.done} description={words.doneText}>
        <Anchor renderRoot={(props: object) => <Link to="/login" {...props} />}>
          {words.toLogin}
        </Anchor>
      </SignInCard>
    );
  }
  if (token === "") {
    return (
      <SignInCard title={words.noToken} description={words.noTokenText}>
        <Text size="sm" mb={6}>
          {words.noTokenCommand}
        </Text>
        <Code block>{words.command}</Code>
      </SignInCard>
    );
  }
  return (
    <SignInCard title={words.title} description={words.description}>
      <SetupForm token={token} />
    </SignInCard>
  );
}
