import { Alert, Button, Group, NativeSelect, Progress, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { rehearsalQuery, useRehearse, type Rehearsal } from "../../api/rules";
import { Panel } from "../../parts/Panel";
import { t } from "../../texts";
import { ProblemNote } from "../security/ProblemNote";
import { isOfHistory } from "./kinds";
import { RehearsalOutcome } from "./RehearsalOutcome";

const DAYS = [7, 30, 90, 365] as const;
const USUAL_DAYS = 30;

interface Props {
  /** The text that would be rehearsed. */
  text: string;
  isUsable: boolean;
  kind: string | null;
  /** The one that is shown: it is in the URL. */
  rehearsalId: string | undefined;
  onAsked: (id: string) => void;
}

/** What the rule would have found in stored history; nothing is raised. */
export function RehearsalPanel({ text, isUsable, kind, rehearsalId, onAsked }: Props) {
  const words = t.rules.rehearsal;
  const [days, setDays] = useState<number>(USUAL_DAYS);
  const rehearse = useRehearse();
  const shown = useQuery({
    ...rehearsalQuery(rehearsalId ?? ""),
    enabled: rehearsalId !== undefined,
  });
  if (kind !== null && isOfHistory(kind)) {
    return (
      <Panel title={words.title}>
        <Alert variant="default">{words.history}</Alert>
      </Panel>
    );
  }
  const isOutdated = rehearse.variables !== undefined && rehearse.variables.text !== text;
  return (
    <Panel title={words.title} counts={words.hint}>
      <Stack gap="md">
        <Group align="flex-end" gap="sm">
          <NativeSelect
            label={words.days}
            data={DAYS.map((each) => ({ value: String(each), label: words.dayChoices[each] }))}
            value={String(days)}
            onChange={(event) => setDays(Number(event.currentTarget.value))}
          />
          <Button
            variant={rehearsalId === undefined ? "filled" : "default"}
            disabled={!isUsable}
            loading={rehearse.isPending}
            onClick={() =>
              rehearse.mutate({ text, days }, { onSuccess: (asked) => onAsked(asked.id) })
            }
          >
            {rehearsalId === undefined ? words.run : words.again}
          </Button>
        </Group>
        <ProblemNote problem={rehearse.error ?? shown.error} />
        {shown.data && isOutdated && <Text size="sm">{words.outdated}</Text>}
        {shown.data && <Shown rehearsal={shown.data} />}
      </Stack>
    </Panel>
  );
}

function Shown({ rehearsal }: { rehearsal: Rehearsal }) {
  const words = t.rules.rehearsal;
  if (rehearsal.state === "failed") {
    return (
      <Alert color="red" variant="outline" title={words.failed}>
        {rehearsal.error}
      </Alert>
    );
  }
  if (rehearsal.result !== null) {
    return <RehearsalOutcome rehearsal={rehearsal} result={rehearsal.result} />;
  }
  const { state, done, total } = rehearsal;
  return (
    <Stack gap={6} role="status">
      <Text size="sm">{state === "waiting" ? words.waiting : words.running(done, total)}</Text>
      <Progress
        value={total === 0 ? 100 : (100 * done) / total}
        animated
        aria-label={words.title}
      />
      <Text size="xs" c="dimmed">
        {words.leave}
      </Text>
    </Stack>
  );
}
