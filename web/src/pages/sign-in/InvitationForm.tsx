import { Button, PasswordInput, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";

import { useAcceptInvitation, type OpenInvitation } from "../../api/sign_in";
import { t } from "../../texts";
import { NewPasswordInput } from "./NewPasswordInput";
import { ProblemNote } from "./ProblemNote";
import { useEnter } from "./useEnter";
import { useProblem } from "./useProblem";

type Props = { token: string; invitation: OpenInvitation; signedInAs: string | null };

/**
 * Coming in: with a new account, or with the one that the e-mail has, which shows its password or
 * is signed in already.
 */
export function InvitationForm({ token, invitation, signedInAs }: Props) {
  const words = t.signIn.invitation;
  const form = useForm({ initialValues: { name: invitation.name, password: "" } });
  const accept = useAcceptInvitation();
  const problem = useProblem(form);
  const enter = useEnter(undefined);
  const isOwner =
    invitation.has_account && signedInAs?.toLowerCase() === invitation.email.toLowerCase();
  const submit = form.onSubmit(({ name, password }) => {
    problem.clear();
    accept.mutate(
      { token, name: name.trim() || null, password: isOwner ? null : password },
      { onSuccess: (answer) => void enter(answer), onError: problem.show },
    );
  });
  return (
    <form onSubmit={submit}>
      <ProblemNote error={problem.left} />
      {isOwner && <Text mb="md">{words.signedIn(invitation.email)}</Text>}
      {signedInAs !== null && !isOwner && (
        <Text size="sm" c="dimmed" mb="md">
          {words.other(signedInAs)}
        </Text>
      )}
      {/* Password managers file the password under what stands in here. */}
      <input type="hidden" autoComplete="username" value={invitation.email} readOnly />
      <TextInput
        label={words.name}
        autoComplete="name"
        required
        withAsterisk={false}
        autoFocus
        {...form.getInputProps("name")}
      />
      {invitation.has_account && !isOwner && (
        <PasswordInput
          mt="md"
          label={words.ownPassword}
          description={words.ownPasswordHint}
          autoComplete="current-password"
          required
          withAsterisk={false}
          visibilityToggleButtonProps={{ "aria-label": t.signIn.password.show }}
          {...form.getInputProps("password")}
        />
      )}
      {!invitation.has_account && (
        <NewPasswordInput label={words.password} {...form.getInputProps("password")} />
      )}
      <Button type="submit" fullWidth mt="lg" loading={accept.isPending}>
        {words.submit}
      </Button>
    </form>
  );
}
