import { Alert, type AlertProps } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";

import { ApiProblem } from "../../api/client";
import { t } from "../../texts";
import { WaitNote } from "./WaitNote";
import { PasskeyRefused } from "./webauthn";

/** What went wrong with a whole form, said beside it. Nothing for null. */
export function ProblemNote({ error, ...rest }: { error: unknown } & AlertProps) {
  if (error === null || error === undefined) return null;
  const { title, text } = wordsOf(error);
  const problem = error instanceof ApiProblem ? error : null;
  return (
    <Alert color="red" icon={<IconAlertCircle aria-hidden />} title={title} mb="md" {...rest}>
      {text}
      {/* Another refusal starts the countdown anew, though the seconds may be the same. */}
      {typeof problem?.retryAfterSeconds === "number" && (
        <WaitNote key={problem.request_id} seconds={problem.retryAfterSeconds} />
      )}
    </Alert>
  );
}

function wordsOf(error: unknown): { title: string; text: string | null } {
  if (error instanceof PasskeyRefused) return { title: error.message, text: null };
  if (error instanceof ApiProblem && error.status !== 0) {
    return { title: error.detail || error.title, text: error.hint };
  }
  return { title: t.signIn.unreachable, text: t.signIn.unreachableHint };
}
