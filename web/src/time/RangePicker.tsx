import { Popover, UnstyledButton } from "@mantine/core";
import { IconCalendar } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";

import { LoadingState } from "../parts/LoadingState";
import { t } from "../texts";
import { formatTime } from "./format";
import { PRESETS, type Range } from "./range";
import classes from "./RangePicker.module.css";
import { useZone } from "./zone";
import { ZoneMenu } from "./ZoneMenu";

// With it come the rules of all time zones.
const CustomRange = lazy(async () => ({ default: (await import("./CustomRange")).CustomRange }));

export interface RangePickerProps {
  value: Range;
  onChange: (range: Range) => void;
  /** The menu of the time zone beside it. */
  withZone?: boolean;
}

/** How far back a page looks: presets, or from when to when. */
export function RangePicker({ value, onChange, withZone = true }: RangePickerProps) {
  const [isOpen, setOpen] = useState(false);
  const { zone } = useZone();
  const words = t.parts.range;
  const isCustom = value.range === "custom";
  const span =
    value.from !== undefined && value.to !== undefined
      ? words.between(formatTime(value.from, zone, "minute"), formatTime(value.to, zone, "minute"))
      : null;
  return (
    <div className={classes.picker}>
      <div className={classes.group} role="group" aria-label={words.label}>
        <span className={classes.last} aria-hidden>
          {words.last}
        </span>
        {PRESETS.map((preset) => (
          <UnstyledButton
            key={preset}
            className={classes.choiceButton}
            aria-pressed={value.range === preset}
            aria-label={words.presets[preset]}
            onClick={() => {
              onChange({ range: preset });
            }}
          >
            {words.short[preset]}
          </UnstyledButton>
        ))}
        <Popover opened={isOpen} onChange={setOpen} position="bottom-end" shadow="md" trapFocus>
          <Popover.Target>
            <UnstyledButton
              className={classes.choiceButton}
              aria-pressed={isCustom}
              aria-label={span === null ? words.custom : `${words.custom}: ${span}`}
              onClick={() => {
                setOpen(!isOpen);
              }}
            >
              <IconCalendar size={14} stroke={1.75} aria-hidden />
              <span className={classes.long}>{span ?? words.custom}</span>
              <span className={classes.short}>{words.customShort}</span>
            </UnstyledButton>
          </Popover.Target>
          <Popover.Dropdown aria-label={words.custom}>
            <Suspense fallback={<LoadingState rows={4} height={32} />}>
              <CustomRange
                value={value}
                onChange={(range) => {
                  setOpen(false);
                  onChange(range);
                }}
              />
            </Suspense>
          </Popover.Dropdown>
        </Popover>
      </div>
      {withZone && <ZoneMenu />}
    </div>
  );
}
