/** Changes to a query: a filter more, a filter less, the other way round. */

import { fullName, isSameValue, quoteValue } from "./fields";
import { literalOf } from "./scan";
import { termsOf, type Term, type TermValue } from "./terms";

export type FilterValue = string | number | boolean | null;

function written(field: string, values: readonly string[], isNot: boolean): string {
  const list = values.length === 1 ? values[0] : `(${values.join(" OR ")})`;
  return `${isNot ? "-" : ""}${field}:${list ?? '""'}`;
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(" ");
}

/** Alternatives keep their meaning beside further terms only in parentheses. */
function standing(terms: readonly Term[]): string[] {
  return terms.map(({ kind, text, isNot }) =>
    kind === "group" && !isNot && !text.startsWith("(") ? `(${text})` : text,
  );
}

function isOf(term: Term, field: string, isNot: boolean): boolean {
  return term.kind === "field" && term.field === field && term.isNot === isNot;
}

function has(field: string, values: readonly TermValue[], asked: string): boolean {
  return values.some(({ literal }) => literal !== undefined && isSameValue(field, literal, asked));
}

/** The query without one value of a field, on one side; a term without values goes. */
function without(q: string, field: string, value: string, isNot: boolean): string {
  const terms = termsOf(q) ?? [];
  if (!terms.some((term) => isOf(term, field, isNot) && has(field, term.values, value))) return q;
  const texts = standing(terms);
  const kept = terms.map((term, at) => {
    if (!isOf(term, field, isNot) || !has(field, term.values, value)) return texts[at] ?? "";
    const left = term.values.filter(
      ({ literal }) => literal === undefined || !isSameValue(field, literal, value),
    );
    if (left.length === 0) return "";
    return written(
      field,
      left.map((each) => each.written),
      isNot,
    );
  });
  return joined(kept);
}

/** The query with one value more for a field, on one side: one of several, if there are. */
function withValue(q: string, field: string, value: string, isNot: boolean): string {
  const terms = termsOf(q);
  // A query that is not whole is left to its author; the filter stands before it.
  if (terms === undefined) return joined([written(field, [value], isNot), q]);
  const at = terms.findIndex((term) => isOf(term, field, isNot));
  const texts = standing(terms);
  const term = terms[at];
  if (term === undefined) return joined([...texts, written(field, [value], isNot)]);
  if (has(field, term.values, literalOf(value) ?? value)) return q;
  texts[at] = written(field, [...term.values.map((each) => each.written), value], isNot);
  return joined(texts);
}

function asText(value: FilterValue): string {
  return value === null ? "" : String(value);
}

/** Filter for a value: it is one of those wanted, and no longer one of those left out. */
export function addFilter(q: string, name: string, value: FilterValue): string {
  const field = fullName(name);
  const cleared = without(q, field, asText(value), true);
  return withValue(cleared, field, quoteValue(field, value), false);
}

/** Filter out a value: it is left out, and no longer one of those wanted. */
export function excludeFilter(q: string, name: string, value: FilterValue): string {
  const field = fullName(name);
  const cleared = without(q, field, asText(value), false);
  return withValue(cleared, field, quoteValue(field, value), true);
}

/** Takes a value away where it is wanted, else wants it: what a facet's check box does. */
export function toggleFilter(q: string, name: string, value: FilterValue): string {
  const field = fullName(name);
  const cleared = without(q, field, asText(value), false);
  return cleared === q ? addFilter(q, field, value) : cleared;
}

/** The values that the query wants (or leaves out) of a field, as its terms say at the top. */
export function valuesOf(q: string, name: string, isNot = false): string[] {
  const field = fullName(name);
  return (termsOf(q) ?? [])
    .filter((term) => isOf(term, field, isNot))
    .flatMap((term) => term.values.map((each) => each.literal ?? each.written));
}

/** The query without any term of the field. */
export function clearField(q: string, name: string): string {
  const field = fullName(name);
  const terms = termsOf(q);
  if (terms === undefined) return q;
  const texts = standing(terms);
  return joined(
    terms.map((term, at) =>
      term.kind === "field" && term.field === field ? "" : (texts[at] ?? ""),
    ),
  );
}

export function removeTerm(q: string, index: number): string {
  const terms = termsOf(q) ?? [];
  // What is left alone needs no parentheses around it.
  const left = terms.filter((_, at) => at !== index);
  return left.length === 1 ? (left[0]?.text ?? "") : joined(standing(left));
}

function flipped(term: Term): string {
  if (!term.isNot) {
    const isBareGroup = term.kind === "group" && !term.text.startsWith("(");
    return `-${isBareGroup ? `(${term.text})` : term.text}`;
  }
  return term.text.replace(/^(?:-|NOT\s*)/, "");
}

/** The query with one of its terms turned into its opposite. */
export function flipTerm(q: string, index: number): string {
  const terms = termsOf(q) ?? [];
  const texts = standing(terms);
  return joined(terms.map((term, at) => (at === index ? flipped(term) : (texts[at] ?? ""))));
}

/** Both queries must match. */
export function bothOf(one: string, other: string): string {
  const parts = [one, other].map((each) => each.trim()).filter((each) => each !== "");
  if (parts.length < 2) return parts[0] ?? "";
  return joined(parts.map((part) => joined(standing(termsOf(part) ?? [])) || part));
}

/** The query that asks for these values: any of a field's, and every field. */
export function queryOf(
  wanted: Readonly<Record<string, FilterValue | readonly FilterValue[] | undefined>>,
): string {
  const terms = Object.entries(wanted).map(([field, value]) => {
    if (value === undefined) return "";
    const values = Array.isArray(value)
      ? (value as readonly FilterValue[])
      : [value as FilterValue];
    if (values.length === 0) return "";
    return written(
      field,
      values.map((each) => quoteValue(field, each)),
      false,
    );
  });
  return joined(terms);
}
