import { Button, SegmentedControl, TextInput } from "@mantine/core";
import { useState, type SyntheticEvent } from "react";

import { t } from "../../texts";
import { formatTime } from "../../time/format";
import { useZone } from "../../time/zone";
import { rangeAt, SPANS, type Span } from "./around";
import { useExplorer } from "./ExplorerContext";
import classes from "./JumpForm.module.css";
import { readMoment } from "./moment";

export interface JumpFormProps {
  onDone: () => void;
}

/** A time as one writes it, and how much around it is shown. */
export function JumpForm({ onDone }: JumpFormProps) {
  const { set } = useExplorer();
  const { zone, label } = useZone();
  const [text, setText] = useState("");
  const [span, setSpan] = useState<Span>("hour");
  // A fault is told when it is asked for, not while somebody is still typing.
  const [isAsked, setAsked] = useState(false);
  const words = t.jump;
  const moment = readMoment(text, zone, new Date());
  const fault = isAsked && "fault" in moment ? words.faults[moment.fault] : undefined;

  function jump(event: SyntheticEvent): void {
    event.preventDefault();
    if ("fault" in moment) {
      setAsked(true);
      return;
    }
    onDone();
    // The table marks the event that was the last one then. From then on, that is its end.
    const at = span === "on" ? undefined : moment.at;
    set({ ...rangeAt(moment.at, span, new Date()), at, event: undefined });
  }

  return (
    <form onSubmit={jump} className={classes.form} noValidate>
      <TextInput
        size="xs"
        label={words.label}
        description={words.examples}
        placeholder={words.placeholder}
        autoComplete="off"
        value={text}
        error={fault}
        // Loaded after the box was opened, it takes the focus by itself.
        autoFocus
        data-autofocus
        onChange={(event) => {
          setText(event.currentTarget.value);
          setAsked(false);
        }}
      />
      <p className={classes.found} role="status">
        {"at" in moment
          ? words.found(formatTime(moment.at, zone, "full"), label)
          : words.zone(label)}
      </p>
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label={words.show}
        value={span}
        onChange={(value) => {
          setSpan(SPANS.find((each) => each === value) ?? span);
        }}
        data={SPANS.map((value) => ({ value, label: words.spans[value] }))}
      />
      <Button type="submit" size="xs">
        {words.go}
      </Button>
    </form>
  );
}
