import { Button, Group, Text } from "@mantine/core";

import { useRunRetention } from "../../api/retention";
import { ConfirmButton } from "../../parts/ConfirmButton";
import { Gate } from "../../parts/Gate";
import { notifyDone } from "../../parts/notify";
import { t } from "../../texts";
import { ProblemNote } from "../sign-in/ProblemNote";
import { CountsTable } from "./CountsTable";

const words = t.settings.retention;

/** What a run would remove now: looked at again, or carried out. */
export function WouldRemove({ removed }: { removed: Record<string, number> }) {
  const dryRun = useRunRetention();
  const run = useRunRetention();
  const total = totalOf(removed);
  const carryOut = async () => {
    const outcome = await run.mutateAsync({ isDryRun: false });
    if (!outcome.run?.error) notifyDone(words.ran(totalOf(outcome.removed)));
  };
  const error = run.data?.run?.error;
  return (
    <>
      <ProblemNote error={dryRun.error} />
      {error && <ProblemNote error={new Error(error)} title={words.runFailed} />}
      <Text mb="md" size="sm">
        {total === 0 ? words.wouldNothing : words.would(total)}
      </Text>
      {total > 0 && <CountsTable counts={removed} label={words.wouldTitle} />}
      {dryRun.data && (
        <Text size="sm" c="dimmed" role="status" mb="md">
          {words.dryDone(totalOf(dryRun.data.removed))}
        </Text>
      )}
      <Gate permission="settings:manage">
        <Group>
          <Button
            variant="default"
            loading={dryRun.isPending}
            onClick={() => {
              dryRun.mutate({ isDryRun: true });
            }}
          >
            {words.dryRun}
          </Button>
          <ConfirmButton
            label={words.run}
            title={words.runTitle}
            text={words.runText(total)}
            confirmLabel={words.runConfirm(total)}
            size="sm"
            variant="default"
            isDanger={total > 0}
            onConfirm={carryOut}
          />
        </Group>
      </Gate>
    </>
  );
}

function totalOf(counts: Record<string, number>): number {
  return Object.values(counts).reduce((sum, n) => sum + n, 0);
}
