import { ActionIcon } from "@mantine/core";
import { IconFilterMinus, IconFilterPlus } from "@tabler/icons-react";

import type { Facet } from "../../api/events";
import { EmptyState } from "../../parts/EmptyState";
import { Plain } from "../../parts/Plain";
import { visibleText } from "../../parts/plainText";
import { t } from "../../texts";
import { count, percent } from "../../texts/numbers";
import classes from "./Distribution.module.css";

export interface DistributionTableProps {
  facet: Facet;
  label: string;
  /** The counts are those of the field or search before. */
  isOld: boolean;
  onFilter: (value: string | null, isOut: boolean) => void;
}

/** Values with counts and shares; what is not listed is one line at the end. */
export function DistributionTable({ facet, label, isOld, onFilter }: DistributionTableProps) {
  const words = t.distribution;
  const { values, total, distinct } = facet;
  if (values.length === 0) {
    return <EmptyState title={words.nothing} isCompact />;
  }
  const listed = values.reduce((sum, each) => sum + each.count, 0);
  const further = distinct - values.filter(({ value }) => value !== null).length;
  return (
    <table className={classes.table} aria-label={label} data-old={isOld}>
      <thead>
        <tr>
          <th scope="col">{words.value}</th>
          <th scope="col" className={classes.number}>
            {words.events}
          </th>
          <th scope="col" className={classes.number}>
            {words.share}
          </th>
          <th scope="col">
            <span className="tk-visually-hidden">{words.actions}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {values.map(({ value, count: events }) => {
          const text = value ?? words.absent;
          const only = words.only(visibleText(text));
          const out = words.out(visibleText(text));
          return (
            <tr key={value ?? ""} data-absent={value === null || undefined}>
              <th scope="row" className={classes.value}>
                <Plain text={text} />
                <span
                  className={classes.bar}
                  style={{ width: `${String((100 * events) / total)}%` }}
                  aria-hidden
                />
              </th>
              <td className={classes.number}>{count(events)}</td>
              <td className={classes.number}>{percent(events / total)}</td>
              <td className={classes.acts}>
                <ActionIcon
                  size={24}
                  variant="subtle"
                  color="gray"
                  aria-label={only}
                  title={only}
                  onClick={() => {
                    onFilter(value, false);
                  }}
                >
                  <IconFilterPlus size={15} aria-hidden />
                </ActionIcon>
                <ActionIcon
                  size={24}
                  variant="subtle"
                  color="gray"
                  aria-label={out}
                  title={out}
                  onClick={() => {
                    onFilter(value, true);
                  }}
                >
                  <IconFilterMinus size={15} aria-hidden />
                </ActionIcon>
              </td>
            </tr>
          );
        })}
        {further > 0 && (
          <tr data-rest>
            <th scope="row" className={classes.value}>
              {words.rest(further)}
            </th>
            <td className={classes.number}>{count(total - listed)}</td>
            <td className={classes.number}>{percent((total - listed) / total)}</td>
            <td />
          </tr>
        )}
      </tbody>
    </table>
  );
}
