import { useQuery } from "@tanstack/react-query";
import { IconArrowsExchange, IconX } from "@tabler/icons-react";

import { userQuery } from "../../api/users";
import { Plain } from "../../parts/Plain";
import type { Term } from "../../query/terms";
import { t } from "../../texts";
import classes from "./FilterChips.module.css";

export interface FilterChipProps {
  term: Term;
  onFlip: () => void;
  onRemove: () => void;
}

function valuesText(term: Term): string {
  return term.values
    .map(({ literal, written }) => (literal === "" ? t.explorer.chips.none : (literal ?? written)))
    .join(", ");
}

function fieldText(field: string): string {
  return field in t.explorer.fields
    ? t.explorer.fields[field as keyof typeof t.explorer.fields]
    : field;
}

/** One term of the query. A user's id is shown as the person it belongs to. */
export function FilterChip({ term, onFlip, onRemove }: FilterChipProps) {
  const only = term.values.length === 1 ? (term.values[0]?.literal ?? "") : "";
  const userId = term.field === "user_id" ? only : "";
  const user = useQuery({ ...userQuery(userId), enabled: userId !== "", retry: false }).data;
  const value = user?.user_email ?? user?.name ?? valuesText(term);
  const isField = term.kind === "field" && term.field !== undefined;
  return (
    <span className={classes.chip} data-not={term.isNot} title={term.text}>
      <span className={classes.term}>
        {term.isNot && <span className={classes.not}>{t.explorer.chips.not} </span>}
        {isField && <span className={classes.field}>{fieldText(term.field ?? "")}: </span>}
        <Plain text={isField ? value : term.kind === "text" ? valuesText(term) : groupText(term)} />
      </span>
      <button
        type="button"
        className={classes.button}
        aria-label={t.explorer.chips.flip(term.text)}
        aria-pressed={term.isNot}
        onClick={onFlip}
      >
        <IconArrowsExchange size={14} aria-hidden />
      </button>
      <button
        type="button"
        className={classes.button}
        aria-label={t.explorer.chips.remove(term.text)}
        onClick={onRemove}
      >
        <IconX size={14} aria-hidden />
      </button>
    </span>
  );
}

/** A group as written, but for the negation, which is shown by itself. */
function groupText(term: Term): string {
  return term.text.replace(/^(?:-|NOT\s*)+/, "");
}
