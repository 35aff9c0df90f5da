import type { Rule } from "../../api/rules";
import classes from "./RuleList.module.css";
import { RuleRow } from "./RuleRow";

interface Props {
  label: string;
  rules: Rule[];
  /** Detections by rule; undefined where they may not be counted, or are not yet. */
  found: Record<string, number> | undefined;
}

export function RuleList({ label, rules, found }: Props) {
  return (
    <ul className={classes.list} aria-label={label}>
      {rules.map((rule) => (
        <RuleRow key={rule.id} rule={rule} found={found && (found[rule.id] ?? 0)} />
      ))}
    </ul>
  );
}
