import { Modal, NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { facetsQuery, type FacetField } from "../../api/events";
import { ErrorState } from "../../parts/ErrorState";
import { LoadingState } from "../../parts/LoadingState";
import { addFilter, excludeFilter, valuesOf } from "../../query/edit";
import { t } from "../../texts";
import classes from "./Distribution.module.css";
import { DistributionTable } from "./DistributionTable";
import { useExplorer } from "./ExplorerContext";
import { isFixed } from "./fixed";
import { ALL_FACETS } from "./preferences";

export interface DistributionProps {
  /** None closes it. */
  field: FacetField | undefined;
}

const SHOWN = 50;

/** A field's most frequent values in the search: how many events, and which share of all. */
export function Distribution({ field: asked }: DistributionProps) {
  const { filter, q, scope, set } = useExplorer();
  const fields = ALL_FACETS.filter((each) => !isFixed(each, scope));
  const field = asked !== undefined && fields.includes(asked) ? asked : undefined;
  const counted = useQuery({
    ...facetsQuery(filter, field === undefined ? [] : [field], SHOWN),
    enabled: field !== undefined,
  });
  const facet = counted.data?.facets.find((each) => each.field === field);
  const words = t.distribution;
  const name = field === undefined ? "" : labelOf(field);
  const isFiltered =
    field !== undefined && (valuesOf(q, field).length > 0 || valuesOf(q, field, true).length > 0);
  return (
    <Modal
      opened={field !== undefined}
      onClose={() => {
        set({ distribution: undefined });
      }}
      title={words.title(name)}
      size="lg"
      closeButtonProps={{ "aria-label": words.close }}
    >
      <div className={classes.head}>
        <NativeSelect
          size="xs"
          data-autofocus
          label={words.field}
          value={field ?? ""}
          data={fields.map((value) => ({ value, label: labelOf(value) }))}
          onChange={(event) => {
            const chosen = fields.find((each) => each === event.currentTarget.value);
            set({ distribution: chosen }, { isStep: false });
          }}
        />
        <p className={classes.counted} role="status">
          {facet !== undefined && words.counted(facet.distinct, facet.total)}{" "}
          {isFiltered && words.ownFilter(name)}
        </p>
      </div>
      {counted.error !== null && (
        <ErrorState problem={counted.error} retry={() => void counted.refetch()} isCompact />
      )}
      {counted.error === null && facet === undefined && <LoadingState rows={8} height={28} />}
      {counted.error === null && facet !== undefined && field !== undefined && (
        <DistributionTable
          facet={facet}
          label={words.title(name)}
          isOld={counted.isPlaceholderData}
          onFilter={(value, isOut) => {
            const changed = isOut ? excludeFilter : addFilter;
            // One step of the history: back leads here again.
            set({ q: changed(q, field, value), distribution: undefined });
          }}
        />
      )}
    </Modal>
  );
}

/** Two fields are called `User` or `Resource` in a row; in a list they need telling apart. */
function labelOf(field: FacetField): string {
  return t.event.fields[field] ?? t.explorer.fields[field];
}
