import { Button, TextInput } from "@mantine/core";
import { useRef, useState } from "react";

import { useSecondFactor } from "../../api/sign_in";
import { t } from "../../texts";
import { ProblemNote } from "./ProblemNote";
import { useEnter } from "./useEnter";

type Props = { method: "totp" | "recovery_code"; ticket: string; next: string | undefined };

const DIGITS = /^\d{6}$/;

/** A code of the app, which goes off with its sixth digit, or a recovery code. */
export function CodeForm({ method, ticket, next }: Props) {
  const words = t.signIn.secondFactor;
  const [code, setCode] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const show = useSecondFactor();
  const enter = useEnter(next);
  const isTotp = method === "totp";
  const send = (given: string) => {
    if (show.isPending) return;
    show.mutate(
      { ticket, method, code: given.trim() },
      {
        onSuccess: (answer) => void enter(answer),
        onError: () => {
          setCode("");
          input.current?.focus();
        },
      },
    );
  };
  const change = (value: string) => {
    setCode(value);
    const digits = value.replaceAll(" ", "");
    if (isTotp && DIGITS.test(digits)) send(digits);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send(isTotp ? code.replaceAll(" ", "") : code);
      }}
    >
      <ProblemNote error={show.error} />
      <TextInput
        ref={input}
        label={isTotp ? words.code : words.recovery}
        description={isTotp ? words.codeHint : words.recoveryHint}
        name="code"
        inputMode={isTotp ? "numeric" : "text"}
        autoComplete={isTotp ? "one-time-code" : "off"}
        autoCapitalize="none"
        spellCheck={false}
        autoFocus
        required
        withAsterisk={false}
        value={code}
        onChange={(event) => {
          change(event.currentTarget.value);
        }}
      />
      <Button type="submit" fullWidth mt="md" loading={show.isPending}>
        {words.submit}
      </Button>
    </form>
  );
}
