import { UnstyledButton } from "@mantine/core";
import { IconAlertTriangleFilled, IconCircleXFilled } from "@tabler/icons-react";

import type { Located } from "../../api/rules";
import { Plain } from "../../parts/Plain";
import { t } from "../../texts";
import classes from "./FaultList.module.css";

interface Props {
  faults: readonly Located[];
  warnings: readonly Located[];
  onGoTo: (line: number, column: number) => void;
}

/** What is wrong or doubtful, and where; each leads to its place. */
export function FaultList({ faults, warnings, onGoTo }: Props) {
  if (faults.length + warnings.length === 0) {
    return null;
  }
  const words = t.rules.text;
  const all = [
    ...faults.map((each) => ({ each, isFault: true })),
    ...warnings.map((each) => ({ each, isFault: false })),
  ];
  return (
    <ul className={classes.list}>
      {all.map(({ each, isFault }) => (
        <li key={`${each.code} ${String(each.line)} ${String(each.column)} ${each.detail}`}>
          {isFault ? (
            <IconCircleXFilled
              size={16}
              className={classes.icon}
              color="var(--tk-bad)"
              aria-hidden
            />
          ) : (
            <IconAlertTriangleFilled
              size={16}
              className={classes.icon}
              color="var(--tk-medium)"
              aria-hidden
            />
          )}
          <div>
            <strong>{isFault ? words.fault : words.warning}</strong>{" "}
            <UnstyledButton
              className={classes.place}
              aria-label={words.goTo(each.line, each.column)}
              onClick={() => onGoTo(each.line, each.column)}
            >
              {words.at(each.line, each.column)}
            </UnstyledButton>
            : <Plain text={each.detail} /> {each.hint && <Plain text={each.hint} />}{" "}
            <code className={classes.code}>{each.code}</code>
          </div>
        </li>
      ))}
    </ul>
  );
}
