import { useQuery } from "@tanstack/react-query";
import { IconPlus } from "@tabler/icons-react";

import { facetsQuery, type Facet, type FacetField } from "../../api/events";
import { ErrorState } from "../../parts/ErrorState";
import { t } from "../../texts";
import { useExplorer } from "./ExplorerContext";
import { FacetSection } from "./FacetSection";
import classes from "./Facets.module.css";
import { isFixed } from "./fixed";
import { FACETS, FURTHER_FACETS, useOpenFacets } from "./preferences";

export interface FacetsProps {
  /** Rows come first: counts are asked for when they are there. */
  isReady: boolean;
}

function byField(facets: readonly Facet[] | undefined, field: FacetField): Facet | undefined {
  return facets?.find((each) => each.field === field);
}

/** Each field's most frequent values with their counts, to choose from. */
export function Facets({ isReady }: FacetsProps) {
  const { filter, scope } = useExplorer();
  const [openFields, toggle] = useOpenFacets();
  const fields = FACETS.filter((field) => !isFixed(field, scope));
  const further = FURTHER_FACETS.filter((field) => !isFixed(field, scope));
  const open = openFields.filter((field) => further.includes(field));
  const main = useQuery({ ...facetsQuery(filter, fields), enabled: isReady });
  const more = useQuery({ ...facetsQuery(filter, open), enabled: isReady && open.length > 0 });
  if (main.error !== null) {
    return (
      <ErrorState
        problem={main.error}
        retry={() => {
          void main.refetch();
        }}
        isCompact
      />
    );
  }
  return (
    <div className={classes.facets} aria-busy={main.isPlaceholderData}>
      {fields.map((field) => (
        <FacetSection
          key={field}
          field={field}
          facet={byField(main.data?.facets, field)}
          isOld={main.isPlaceholderData}
        />
      ))}
      {open.map((field) => (
        <FacetSection
          key={field}
          field={field}
          facet={byField(more.data?.facets, field)}
          isOld={more.isPlaceholderData}
          onClose={() => {
            toggle(field);
          }}
        />
      ))}
      <section className={classes.section}>
        <h3 className={classes.title}>{t.explorer.facets.moreFields}</h3>
        {further
          .filter((field) => !open.includes(field))
          .map((field) => (
            <button
              key={field}
              type="button"
              className={classes.further}
              onClick={() => {
                toggle(field);
              }}
            >
              <IconPlus size={14} aria-hidden />
              {t.explorer.fields[field]}
            </button>
          ))}
      </section>
    </div>
  );
}
