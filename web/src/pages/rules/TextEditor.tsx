import { useState, type RefObject } from "react";

import type { Located } from "../../api/rules";
import classes from "./TextEditor.module.css";

interface Props {
  inputRef?: RefObject<HTMLTextAreaElement | null>;
  label: string;
  text: string;
  placeholder?: string;
  faults?: readonly Located[];
  warnings?: readonly Located[];
  /** Without it, the text can be read and copied only. */
  onChange?: (text: string) => void;
}

const LEAST_LINES = 12;
const MOST_LINES = 34;

/** Text with the numbers of its lines; lines with faults and warnings are marked. */
export function TextEditor(props: Props) {
  const { inputRef, label, text, placeholder, faults = [], warnings = [], onChange } = props;
  const [scrolled, setScrolled] = useState(0);
  const lines = text.split("\n").length;
  const rows = Math.min(Math.max(lines, LEAST_LINES), MOST_LINES);
  const kindOf = (line: number) =>
    faults.some((each) => each.line === line)
      ? "fault"
      : warnings.some((each) => each.line === line)
        ? "warning"
        : undefined;
  return (
    <div className={classes.editor}>
      <div className={classes.gutter} aria-hidden>
        <div style={{ transform: `translateY(${String(-scrolled)}px)` }}>
          {Array.from({ length: Math.max(lines, rows) }, (_, index) => (
            <div key={index} className={classes.number} data-kind={kindOf(index + 1)}>
              {index < lines ? index + 1 : ""}
            </div>
          ))}
        </div>
      </div>
      <textarea
        ref={inputRef}
        className={classes.input}
        aria-label={label}
        aria-invalid={faults.length > 0 || undefined}
        value={text}
        placeholder={placeholder}
        rows={rows}
        wrap="off"
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        readOnly={onChange === undefined}
        onScroll={(event) => setScrolled(event.currentTarget.scrollTop)}
        onChange={(event) => onChange?.(event.currentTarget.value)}
      />
    </div>
  );
}
