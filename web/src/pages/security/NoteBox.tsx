import { Button, Stack, Textarea } from "@mantine/core";
import { useState } from "react";

import { useTriage } from "../../api/detections";
import { ProblemNote } from "./ProblemNote";
import { t } from "../../texts";

/** Adds a note to a detection's history. */
export function NoteBox({ detectionId }: { detectionId: string }) {
  const triage = useTriage(detectionId);
  const [note, setNote] = useState("");
  const words = t.security.detail;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        triage.mutate({ note: note.trim() }, { onSuccess: () => setNote("") });
      }}
    >
      <Stack gap="xs" align="flex-start">
        <Textarea
          w="100%"
          label={words.addNote}
          placeholder={words.notePlaceholder}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
          maxLength={4000}
          autosize
          minRows={2}
        />
        <ProblemNote problem={triage.error} />
        <Button
          type="submit"
          size="xs"
          variant="default"
          disabled={note.trim() === ""}
          loading={triage.isPending}
        >
          {words.save}
        </Button>
      </Stack>
    </form>
  );
}
