import { Group, Loader, Text } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useRef } from "react";

import { CopyButton } from "../../parts/CopyButton";
import { Panel } from "../../parts/Panel";
import { t } from "../../texts";
import { FaultList } from "./FaultList";
import { TextEditor } from "./TextEditor";
import type { Editing } from "./useDraft";

/** The rule as Sigma YAML, its faults and warnings in place. */
export function TextPanel({ editing }: { editing: Editing }) {
  const words = t.rules.text;
  const input = useRef<HTMLTextAreaElement>(null);
  const { text, check, problem, isChecking } = editing;
  const faults = check?.faults ?? [];
  const warnings = check?.warnings ?? [];
  const goTo = (line: number, column: number) => {
    const lines = text.split("\n");
    const start = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
    const at = Math.min(start + column - 1, text.length);
    input.current?.focus();
    input.current?.setSelectionRange(at, at);
  };
  return (
    <Panel
      title={words.title}
      counts={words.hint}
      actions={text !== "" && <CopyButton value={text} label={words.copy} />}
    >
      <TextEditor
        inputRef={input}
        label={words.label}
        text={text}
        placeholder={words.empty}
        faults={faults}
        warnings={warnings}
        onChange={editing.editText}
      />
      <Group mt="xs" gap="xs" role="status" mih={24}>
        {isChecking ? (
          <>
            <Loader size={14} aria-hidden />
            <Text size="sm">{words.checking}</Text>
          </>
        ) : problem !== null ? (
          <Text size="sm">{words.stale}</Text>
        ) : check?.is_valid ? (
          <>
            <IconCircleCheck size={16} aria-hidden color="var(--tk-good)" />
            <Text size="sm">{words.valid}</Text>
          </>
        ) : (
          check && <Text size="sm">{words.faults(faults.length)}</Text>
        )}
      </Group>
      <FaultList faults={faults} warnings={warnings} onGoTo={goTo} />
    </Panel>
  );
}
