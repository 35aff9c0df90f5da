import { UnstyledButton } from "@mantine/core";

import { t } from "../../texts";
import { count } from "../../texts/numbers";
import classes from "./CountedChoices.module.css";

interface Props<T extends string> {
  label: string;
  choices: readonly { value: T; label: string }[];
  chosen: readonly T[];
  /** What there is none of is left out; undefined while it loads. */
  counts: Record<string, number> | undefined;
  onToggle: (value: T) => void;
}

/** Switches with how many there are of each. */
export function CountedChoices<T extends string>(props: Props<T>) {
  const { label, choices, chosen, counts, onToggle } = props;
  return (
    <div className={classes.row} role="group" aria-label={label}>
      <span className={classes.label} aria-hidden>
        {label}
      </span>
      {choices.map(({ value, label: name }) => (
        <UnstyledButton
          key={value}
          className={classes.choice}
          aria-pressed={chosen.includes(value)}
          onClick={() => onToggle(value)}
          title={t.security.list.countedHint}
        >
          {name}
          <span className={classes.count}>
            {counts === undefined ? "·" : count(counts[value] ?? 0)}
          </span>
        </UnstyledButton>
      ))}
    </div>
  );
}
