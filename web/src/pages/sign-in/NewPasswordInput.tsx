import { PasswordInput, type PasswordInputProps } from "@mantine/core";

import { t } from "../../texts";

/** A password to be: length and guesses count, kinds of characters do not. The service judges. */
export function NewPasswordInput(props: PasswordInputProps) {
  return (
    <PasswordInput
      mt="md"
      description={t.signIn.password.rule}
      name="new-password"
      autoComplete="new-password"
      required
      withAsterisk={false}
      aria-invalid={Boolean(props.error)}
      visibilityToggleButtonProps={{ "aria-label": t.signIn.password.show }}
      {...props}
    />
  );
}
