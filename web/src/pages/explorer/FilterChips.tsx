import { Button } from "@mantine/core";
import { useMemo } from "react";

import { flipTerm, removeTerm } from "../../query/edit";
import { termsOf } from "../../query/terms";
import { t } from "../../texts";
import { useExplorer } from "./ExplorerContext";
import { FilterChip } from "./FilterChip";
import classes from "./FilterChips.module.css";

/** The query's terms, each to be turned round or taken away. */
export function FilterChips() {
  const { q, setQuery } = useExplorer();
  const terms = useMemo(() => termsOf(q) ?? [], [q]);
  if (terms.length === 0) return null;
  return (
    <div className={classes.chips} role="group" aria-label={t.explorer.chips.label}>
      {terms.map((term, at) => (
        <FilterChip
          // Equal terms are told apart by their place in the query.
          key={`${String(term.start)} ${term.text}`}
          term={term}
          onFlip={() => {
            setQuery(flipTerm(q, at));
          }}
          onRemove={() => {
            setQuery(removeTerm(q, at));
          }}
        />
      ))}
      <Button
        size="compact-sm"
        variant="subtle"
        aria-label={t.explorer.chips.resetLabel}
        onClick={() => {
          setQuery("");
        }}
      >
        {t.explorer.chips.reset}
      </Button>
    </div>
  );
}
