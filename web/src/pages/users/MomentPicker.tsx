import { Button, TextInput } from "@mantine/core";

import { t } from "../../texts";
import { fromWallClock, toWallClock } from "../../time/wallClock";
import { useZone } from "../../time/zone";
import classes from "./MomentPicker.module.css";

interface MomentPickerProps {
  /** RFC 3339; without it, now. */
  value: string | undefined;
  onChange: (at: string | undefined) => void;
}

const words = t.users.access;

/** A moment, to the minute, by the clock of the chosen zone. */
export function MomentPicker({ value, onChange }: MomentPickerProps) {
  const { zone, label } = useZone();
  return (
    <div className={classes.picker}>
      <TextInput
        // A browser keeps what is half typed to itself and tells only whole moments.
        key={`${value ?? ""} ${zone}`}
        type="datetime-local"
        label={words.moment}
        description={words.momentHint(label)}
        defaultValue={value === undefined ? "" : toWallClock(value, zone)}
        onBlur={(blur) => {
          const text = blur.currentTarget.value;
          if (text !== (value === undefined ? "" : toWallClock(value, zone))) {
            onChange(fromWallClock(text, zone));
          }
        }}
        onKeyDown={(key) => {
          if (key.key === "Enter") {
            key.currentTarget.blur();
          }
        }}
      />
      <Button
        variant="default"
        disabled={value === undefined}
        onClick={() => {
          onChange(undefined);
        }}
      >
        {words.now}
      </Button>
    </div>
  );
}
