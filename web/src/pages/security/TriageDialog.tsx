import { Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { useState } from "react";

import type { DetectionState, Triage } from "../../api/detections";
import { ProblemNote } from "./ProblemNote";
import { t } from "../../texts";
import { AssigneePicker } from "./AssigneePicker";

/** What is about to be done. An `assignee` of null is not chosen yet. */
export type Work =
  { kind: "state"; state: DetectionState } | { kind: "assign"; assignee: string | null };

interface Props {
  work: Work;
  title: (what: string) => string;
  isBusy: boolean;
  problem: Error | null;
  onApply: (changes: Triage) => Promise<void>;
  onClose: () => void;
}

/** Asks for a note, and for whom, before something is done to detections. */
export function TriageDialog({ work, title, isBusy, problem, onApply, onClose }: Props) {
  const [note, setNote] = useState("");
  const [assignee, setAssignee] = useState(work.kind === "assign" ? work.assignee : null);
  const what = work.kind === "assign" ? t.security.actions.assign : t.security.states[work.state];
  const apply = () => {
    const noted = note.trim() === "" ? {} : { note: note.trim() };
    void onApply(
      work.kind === "assign"
        ? { assignee: assignee ?? "", ...noted }
        : { state: work.state, ...noted },
    );
  };
  return (
    <Modal opened onClose={onClose} title={title(what)} centered>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          apply();
        }}
      >
        <Stack gap="md">
          {work.kind === "state" ? (
            <Text size="sm">{t.security.actions.explains[work.state]}</Text>
          ) : (
            <AssigneePicker value={assignee} onChange={setAssignee} />
          )}
          <Textarea
            label={t.security.actions.note}
            description={t.security.actions.noteHint}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
            maxLength={4000}
            autosize
            minRows={2}
            data-autofocus={work.kind === "state" || undefined}
          />
          <ProblemNote problem={problem} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t.security.actions.cancel}
            </Button>
            <Button
              type="submit"
              loading={isBusy}
              disabled={work.kind === "assign" && assignee === null}
            >
              {t.security.actions.apply}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
