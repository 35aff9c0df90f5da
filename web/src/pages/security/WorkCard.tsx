import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";

import { useTriage, type Detection, type DetectionState } from "../../api/detections";
import { useMay, useMe } from "../../api/me";
import { ProblemNote } from "./ProblemNote";
import { t } from "../../texts";
import { Panel } from "../../parts/Panel";
import { ExpectDialog } from "./ExpectDialog";
import { NoteBox } from "./NoteBox";
import { PersonName } from "./PersonName";
import { TriageDialog, type Work } from "./TriageDialog";

/** From each state, the states that it can sensibly go to. */
const NEXT: Record<DetectionState, readonly DetectionState[]> = {
  open: ["acknowledged", "resolved", "false_positive"],
  acknowledged: ["resolved", "false_positive", "open"],
  resolved: ["open"],
  false_positive: ["open"],
};

/** What a person can do with a detection. */
export function WorkCard({ detection }: { detection: Detection }) {
  const mayManage = useMay("detection:manage");
  return (
    <Panel title={t.security.detail.work}>
      <Stack gap="sm">
        <Text size="sm">
          {t.security.detail.assignee}:{" "}
          <strong>
            {detection.assignee === null ? (
              t.security.list.nobody
            ) : (
              <PersonName userId={detection.assignee} />
            )}
          </strong>
        </Text>
        {mayManage ? (
          <Actions detection={detection} />
        ) : (
          <Alert variant="default">{t.security.actions.noPermission}</Alert>
        )}
      </Stack>
    </Panel>
  );
}

function Actions({ detection }: { detection: Detection }) {
  const me = useMe();
  const maySuppress = useMay("rule:manage");
  const triage = useTriage(detection.id);
  const [work, setWork] = useState<Work | null>(null);
  const [isExpecting, setIsExpecting] = useState(false);
  const names: Record<DetectionState, string> = {
    open: t.security.actions.reopen,
    acknowledged: t.security.actions.acknowledge,
    resolved: t.security.actions.resolve,
    false_positive: t.security.actions.falsePositive,
  };
  const own = me.user_id;
  return (
    <>
      <Group gap="xs">
        {NEXT[detection.state].map((state, index) => (
          <Button
            key={state}
            size="xs"
            variant={index === 0 ? "filled" : "default"}
            loading={triage.isPending && triage.variables.state === state}
            onClick={() =>
              // Taking something on needs no explanation; closing it deserves one.
              state === "acknowledged"
                ? triage.mutate({ state })
                : setWork({ kind: "state", state })
            }
          >
            {names[state]}
          </Button>
        ))}
      </Group>
      <Group gap="xs">
        {own && detection.assignee !== own && (
          <Button size="xs" variant="default" onClick={() => triage.mutate({ assignee: own })}>
            {t.security.actions.assignToMe}
          </Button>
        )}
        <Button
          size="xs"
          variant="default"
          onClick={() => setWork({ kind: "assign", assignee: detection.assignee })}
        >
          {t.security.actions.assign}
        </Button>
        {maySuppress && (
          <Button size="xs" variant="default" onClick={() => setIsExpecting(true)}>
            {t.security.detail.expect}
          </Button>
        )}
      </Group>
      {!maySuppress && (
        <Text size="xs" c="dimmed">
          {t.security.expect.permission}
        </Text>
      )}
      {work === null && <ProblemNote problem={triage.error} />}
      <NoteBox detectionId={detection.id} />
      {work !== null && (
        <TriageDialog
          work={work}
          title={(what) => what}
          isBusy={triage.isPending}
          problem={triage.error}
          onApply={async (changes) => {
            await triage.mutateAsync(changes);
            setWork(null);
          }}
          onClose={() => {
            triage.reset();
            setWork(null);
          }}
        />
      )}
      {isExpecting && <ExpectDialog detection={detection} onClose={() => setIsExpecting(false)} />}
    </>
  );
}
