import { Button, TextInput } from "@mantine/core";
import { useState, type SyntheticEvent } from "react";

import { t } from "../texts";
import classes from "./RangePicker.module.css";
import { boundsOf, type Range } from "./range";
import { fromWallClock, toWallClock } from "./wallClock";
import { useZone } from "./zone";

export interface CustomRangeProps {
  /** What is chosen now: where the fields begin. */
  value: Range;
  onChange: (range: Range) => void;
}

/** From when to when, to the minute, by the clock of the chosen zone. */
export function CustomRange({ value, onChange }: CustomRangeProps) {
  const { zone, label } = useZone();
  const [fields, setFields] = useState(() => {
    const bounds = boundsOf(value, new Date());
    return { from: toWallClock(bounds.start_date, zone), to: toWallClock(bounds.end_date, zone) };
  });
  const [fault, setFault] = useState<string | null>(null);

  function apply(event: SyntheticEvent): void {
    event.preventDefault();
    const from = fromWallClock(fields.from, zone);
    const to = fromWallClock(fields.to, zone);
    if (from === undefined || to === undefined) {
      setFault(t.parts.range.needsBoth);
    } else if (from >= to) {
      setFault(t.parts.range.order);
    } else {
      onChange({ range: "custom", from, to });
    }
  }

  return (
    <form onSubmit={apply} className={classes.form} noValidate>
      <TextInput
        type="datetime-local"
        size="xs"
        label={t.parts.range.from}
        value={fields.from}
        data-autofocus
        onChange={(event) => {
          setFields({ ...fields, from: event.currentTarget.value });
        }}
      />
      <TextInput
        type="datetime-local"
        size="xs"
        label={t.parts.range.to}
        value={fields.to}
        error={fault}
        onChange={(event) => {
          setFields({ ...fields, to: event.currentTarget.value });
        }}
      />
      <div className={classes.foot}>
        <span className="tk-dim">{t.parts.range.zoneNote(label)}</span>
        <Button type="submit" size="xs">
          {t.parts.range.apply}
        </Button>
      </div>
    </form>
  );
}
