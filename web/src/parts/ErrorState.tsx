import { Button } from "@mantine/core";
import { IconAlertTriangle, IconRefresh } from "@tabler/icons-react";

import { ApiProblem } from "../api/client";
import { t } from "../texts";
import { NoPermission } from "./NoPermission";
import { Notice } from "./Notice";
import { problemWords } from "./problemWords";

export interface ErrorStateProps {
  /** What was thrown; an `ApiProblem` is shown with its hint and request id. */
  problem: unknown;
  /** Tries again. */
  retry?: () => void;
  /** Within a panel or a form. */
  isCompact?: boolean;
}

function permissionOf(problem: ApiProblem): string | undefined {
  return /[a-z]+:[a-z]+/.exec(problem.detail)?.[0];
}

/** What went wrong, what helps, and the request's id to tell us. */
export function ErrorState({ problem, retry, isCompact }: ErrorStateProps) {
  if (problem instanceof ApiProblem && problem.code === "PERMISSION_MISSING") {
    return <NoPermission permission={permissionOf(problem)} />;
  }
  const { title, detail, hint, requestId } = problemWords(problem);
  return (
    <Notice
      icon={<IconAlertTriangle size={20} stroke={1.75} />}
      title={title}
      text={
        <>
          <div>{detail}</div>
          {hint !== null && <div>{hint}</div>}
          {requestId !== null && <div className="tk-mono">{t.parts.error.request(requestId)}</div>}
        </>
      }
      action={
        retry && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconRefresh size={14} aria-hidden />}
            onClick={retry}
          >
            {t.parts.retry}
          </Button>
        )
      }
      isBad
      isCompact={isCompact}
      role="alert"
    />
  );
}
