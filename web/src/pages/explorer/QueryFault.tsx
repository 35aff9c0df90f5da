import { IconAlertCircle } from "@tabler/icons-react";

import type { ApiProblem } from "../../api/client";
import { Plain } from "../../parts/Plain";
import { t } from "../../texts";
import classes from "./QueryFault.module.css";

export interface QueryFaultProps {
  q: string;
  problem: ApiProblem;
}

/** As many of the words that could stand at the fault as can be read at a glance. */
const EXPECTED_SHOWN = 12;

/** What is wrong with the query, at the place where it is wrong. */
export function QueryFault({ q, problem }: QueryFaultProps) {
  const { position, expected } = problem;
  // The service counts characters; JavaScript's strings count UTF-16 units.
  const signs = Array.from(q);
  const before = position === null ? "" : signs.slice(0, position).join("");
  const at = position === null ? "" : (signs[position] ?? "\u00a0");
  const after = position === null ? "" : signs.slice(position + 1).join("");
  const shown = expected.slice(0, EXPECTED_SHOWN);
  return (
    <div className={classes.fault} role="alert">
      <IconAlertCircle size={18} aria-hidden className={classes.icon} />
      <div className={classes.text}>
        {position !== null && (
          <code className={classes.query} title={t.explorer.search.faultWhere}>
            {before !== "" && <Plain text={before} />}
            <mark className={classes.place}>
              <Plain text={at} />
            </mark>
            {after !== "" && <Plain text={after} />}
          </code>
        )}
        <p className={classes.line}>
          {position !== null && `${t.explorer.search.fault(position)} `}
          <Plain text={problem.detail} />
        </p>
        {shown.length > 0 && (
          <p className={classes.line}>
            {t.explorer.search.expected}{" "}
            {shown.map((each) => (
              <code key={each} className={classes.expected}>
                <Plain text={each} />
              </code>
            ))}
            {shown.length < expected.length && "…"}
          </p>
        )}
        {problem.hint !== null && (
          <p className={classes.hint}>
            <Plain text={problem.hint} />
          </p>
        )}
      </div>
    </div>
  );
}
