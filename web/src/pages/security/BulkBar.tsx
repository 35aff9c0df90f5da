import { Button, Checkbox, Group, Paper, Text } from "@mantine/core";
import { useState } from "react";

import {
  CHANGED_AT_MOST,
  useBulkTriage,
  type DetectionState,
  type Triage,
} from "../../api/detections";
import { notifyDone } from "../../parts/notify";
import { t } from "../../texts";
import classes from "./BulkBar.module.css";
import { TriageDialog, type Work } from "./TriageDialog";

interface Props {
  selected: string[];
  loaded: string[];
  onSelect: (ids: string[]) => void;
}

const STATES_TO: readonly DetectionState[] = ["acknowledged", "resolved", "false_positive"];

/** Selects all that are loaded, and works on what is selected. */
export function BulkBar({ selected, loaded, onSelect }: Props) {
  const [work, setWork] = useState<Work | null>(null);
  const triage = useBulkTriage();
  const most = loaded.slice(0, CHANGED_AT_MOST);
  const isAll = most.length > 0 && selected.length >= most.length;
  const apply = async (changes: Triage) => {
    const { changed } = await triage.mutateAsync({ ids: selected, ...changes });
    setWork(null);
    onSelect([]);
    notifyDone(t.security.bulk.done(changed));
  };
  return (
    <Paper
      withBorder
      className={classes.bar}
      role="toolbar"
      aria-label={t.security.bulk.label}
      data-busy={selected.length > 0 || undefined}
    >
      <Checkbox
        label={
          selected.length > 0
            ? t.security.bulk.selected(selected.length)
            : t.security.list.selectAll
        }
        checked={isAll}
        indeterminate={selected.length > 0 && !isAll}
        disabled={loaded.length === 0}
        onChange={() => onSelect(selected.length > 0 ? [] : most)}
      />
      {selected.length > 0 && (
        <Group gap="xs">
          {STATES_TO.map((state) => (
            <Button
              key={state}
              size="compact-sm"
              variant="default"
              onClick={() => setWork({ kind: "state", state })}
            >
              {labelOf(state)}
            </Button>
          ))}
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => setWork({ kind: "assign", assignee: null })}
          >
            {t.security.actions.assign}
          </Button>
          {loaded.length > CHANGED_AT_MOST && selected.length === CHANGED_AT_MOST && (
            <Text size="xs">{t.security.bulk.most(CHANGED_AT_MOST)}</Text>
          )}
        </Group>
      )}
      {work !== null && (
        <TriageDialog
          work={work}
          title={(what) => t.security.bulk.title(what, selected.length)}
          isBusy={triage.isPending}
          problem={triage.error}
          onApply={apply}
          onClose={() => {
            triage.reset();
            setWork(null);
          }}
        />
      )}
    </Paper>
  );
}

function labelOf(state: DetectionState): string {
  const { acknowledge, resolve, falsePositive, reopen } = t.security.actions;
  const labels: Record<DetectionState, string> = {
    open: reopen,
    acknowledged: acknowledge,
    resolved: resolve,
    false_positive: falsePositive,
  };
  return labels[state];
}
