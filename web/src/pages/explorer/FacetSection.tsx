import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconChartBar, IconX } from "@tabler/icons-react";
import { useState } from "react";

import { facetsQuery, type Facet, type FacetField } from "../../api/events";
import { clearField, valuesOf } from "../../query/edit";
import { isSameValue } from "../../query/fields";
import { t } from "../../texts";
import { useExplorer } from "./ExplorerContext";
import classes from "./Facets.module.css";
import { FacetValueRow } from "./FacetValueRow";

export interface FacetSectionProps {
  field: FacetField;
  /** Undefined while it is counted for the first time. */
  facet: Facet | undefined;
  /** The counts are those of the search before. */
  isOld: boolean;
  /** Takes the field off the sidebar. */
  onClose?: () => void;
}

const SHOWN = 10;
const SHOWN_OF_MANY = 100;
const SKELETONS = [0.9, 0.7, 0.55, 0.4];

/** One field: its values, how many there are, and in how many events they were counted. */
export function FacetSection({ field, facet, isOld, onClose }: FacetSectionProps) {
  const { filter, q, set, setQuery } = useExplorer();
  const [isLong, setIsLong] = useState(false);
  const long = useQuery({
    ...facetsQuery(filter, [field], SHOWN_OF_MANY),
    enabled: isLong && facet !== undefined && !isOld,
  });
  const shown = (isLong ? long.data?.facets[0] : undefined) ?? facet;
  const wanted = [...new Set(valuesOf(q, field))];
  const unwanted = valuesOf(q, field, true);
  const values = shown?.values ?? [];
  const most = Math.max(1, ...values.map((each) => each.count));
  // What is filtered for stays in sight, though nothing of it may be there.
  const missing = wanted.filter(
    (each) => shown && !values.some(({ value }) => isSameValue(field, value ?? "", each)),
  );
  const rest = (shown?.distinct ?? 0) - values.filter(({ value }) => value !== null).length;
  const name = t.explorer.fields[field];
  return (
    <section className={classes.section} aria-label={name} data-facet={field}>
      <div className={classes.head}>
        <h3 className={classes.title}>{name}</h3>
        {(wanted.length > 0 || unwanted.length > 0) && (
          <button
            type="button"
            className={classes.clear}
            aria-label={t.explorer.facets.clearLabel(name)}
            onClick={() => {
              setQuery(clearField(q, field));
            }}
          >
            {t.explorer.facets.clear}
          </button>
        )}
        <button
          type="button"
          className={classes.close}
          aria-label={t.explorer.facets.distribution(name)}
          title={t.explorer.facets.distribution(name)}
          onClick={() => {
            set({ distribution: field });
          }}
        >
          <IconChartBar size={14} aria-hidden />
        </button>
        {onClose !== undefined && (
          <button
            type="button"
            className={classes.close}
            aria-label={`${t.parts.close}: ${name}`}
            onClick={onClose}
          >
            <IconX size={14} aria-hidden />
          </button>
        )}
      </div>
      <p className={classes.computed}>
        {shown === undefined
          ? t.explorer.histogram.loading
          : t.explorer.facets.computed(shown.distinct, shown.total)}
      </p>
      <div className={classes.values} data-old={isOld}>
        {shown === undefined &&
          SKELETONS.map((share) => (
            <div key={share} className={classes.skeleton}>
              <Skeleton height={10} width={`${String(share * 100)}%`} />
            </div>
          ))}
        {missing.map((value) => (
          <FacetValueRow key={value} field={field} value={value} count={0} share={0} side="in" />
        ))}
        {values.map(({ value, count }) => (
          <FacetValueRow
            key={value ?? ""}
            field={field}
            value={value}
            count={count}
            share={count / most}
            side={
              wanted.some((each) => isSameValue(field, each, value ?? ""))
                ? "in"
                : unwanted.some((each) => isSameValue(field, each, value ?? ""))
                  ? "out"
                  : undefined
            }
          />
        ))}
        {shown !== undefined && values.length === 0 && missing.length === 0 && (
          <p className={classes.computed}>{t.explorer.facets.nothing}</p>
        )}
      </div>
      {rest > 0 && !isLong && (
        <button
          type="button"
          className={classes.more}
          onClick={() => {
            setIsLong(true);
          }}
        >
          {t.explorer.facets.more(Math.min(rest, SHOWN_OF_MANY - SHOWN))}
        </button>
      )}
      {isLong && rest > 0 && <p className={classes.computed}>{t.explorer.facets.rest(rest)}</p>}
      {isLong && (
        <button
          type="button"
          className={classes.more}
          onClick={() => {
            setIsLong(false);
          }}
        >
          {t.explorer.facets.less}
        </button>
      )}
    </section>
  );
}
