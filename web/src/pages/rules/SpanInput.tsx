import { Input, NativeSelect, NumberInput } from "@mantine/core";
import { useState } from "react";

import { t } from "../../texts";
import classes from "./SpanInput.module.css";
import { toSeconds, toSpan, UNIT_SECONDS } from "./spans";

interface Props {
  label: string;
  seconds: number;
  error?: string;
  least: number;
  onChange: (seconds: number) => void;
}

/** A span of time: a number and its unit. */
export function SpanInput({ label, seconds, error, least, onChange }: Props) {
  // The unit that was chosen is kept while its number is typed: 60 minutes stay 60 minutes.
  const [span, setSpan] = useState(() => toSpan(seconds));
  const shown = toSeconds(span) === seconds ? span : toSpan(seconds);
  const change = (next: typeof span) => {
    setSpan(next);
    onChange(toSeconds(next));
  };
  return (
    <Input.Wrapper label={label} labelElement="div" error={error}>
      <div className={classes.span}>
        <NumberInput
          aria-label={label}
          value={shown.amount}
          error={error !== undefined}
          min={least}
          max={100_000}
          allowDecimal={false}
          className={classes.amount}
          onChange={(amount) => typeof amount === "number" && change({ ...shown, amount })}
        />
        <NativeSelect
          aria-label={t.rules.form.unit(label)}
          data={UNIT_SECONDS.map((unit) => ({
            value: String(unit),
            label: t.rules.form.units[unit],
          }))}
          value={String(shown.unit)}
          onChange={(event) => {
            const unit = UNIT_SECONDS.find((each) => String(each) === event.currentTarget.value);
            if (unit !== undefined) {
              change({ ...shown, unit });
            }
          }}
        />
      </div>
    </Input.Wrapper>
  );
}
