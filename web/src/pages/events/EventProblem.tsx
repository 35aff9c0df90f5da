import { Button } from "@mantine/core";
import { IconFileUnknown } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";

import { ApiProblem } from "../../api/client";
import { EmptyState } from "../../parts/EmptyState";
import { ErrorState } from "../../parts/ErrorState";
import { Plain } from "../../parts/Plain";
import { queryOf } from "../../query/edit";
import { t } from "../../texts";

interface EventProblemProps {
  id: string;
  problem: Error;
  retry: () => void;
}

/** Why an event cannot be shown. */
export function EventProblem({ id, problem, retry }: EventProblemProps) {
  const isMissing = problem instanceof ApiProblem && problem.status === 404;
  if (!isMissing) {
    return <ErrorState problem={problem} retry={retry} />;
  }
  const words = t.event.problem;
  return (
    <EmptyState
      icon={<IconFileUnknown size={20} stroke={1.75} />}
      title={words.missing}
      text={
        <>
          <div>{words.missingText}</div>
          <div>
            {words.missingOfId}: <Plain text={id} isMono />
          </div>
        </>
      }
      action={
        <Button
          size="xs"
          variant="default"
          renderRoot={(root) => (
            <Link {...root} to="/explorer" search={{ q: queryOf({ id: [id] }), range: "90d" }} />
          )}
        >
          {words.find}
        </Button>
      }
    />
  );
}
