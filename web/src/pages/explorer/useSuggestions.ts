import { useDebouncedValue } from "@mantine/hooks";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";

import { facetsQuery, type FacetField } from "../../api/events";
import { usersQuery } from "../../api/users";
import { fieldsLike, valuesLike, type Completion } from "../../query/complete";
import { fieldOf, quoted } from "../../query/fields";
import { t } from "../../texts";
import { useExplorer } from "./ExplorerContext";

export interface Suggestion {
  /** What is written into the query. */
  value: string;
  label: string;
  /** Beside it: what a field is, how often a value was seen. */
  about?: string;
  count?: number;
}

const WAIT_MS = 120;
const SHOWN = 12;
const COUNTED = 200;

/** The field whose values are counted for what is being typed. */
function facetOf(field: string): FacetField | undefined {
  if (field === "user") return "user_email";
  if (field === "resource") return "resource_name";
  return fieldOf(field)?.hasFacet === true ? (field as FacetField) : undefined;
}

const OF_USERS = new Set(["user", "user_email", "user_id"]);
const OF_RESOURCES = new Set(["resource", "resource_name", "resource_id"]);

function aboutField(name: string): string | undefined {
  if (name === "details.") return t.explorer.search.anyDetail;
  return name in t.explorer.fields
    ? t.explorer.fields[name as keyof typeof t.explorer.fields]
    : undefined;
}

function fieldSuggestions(prefix: string): Suggestion[] {
  return fieldsLike(prefix)
    .slice(0, SHOWN)
    .map((name) => ({
      value: name,
      label: name.endsWith(".") ? name : `${name}:`,
      about: aboutField(name),
    }));
}

/** Values of the field that is being typed: counted ones, and people of the directory. */
export function useSuggestions(completion: Completion | undefined): {
  suggestions: Suggestion[];
  isLoading: boolean;
} {
  const { filter } = useExplorer();
  const field = completion?.kind === "value" ? completion.field : undefined;
  const facet = field === undefined ? undefined : facetOf(field);
  const [prefix] = useDebouncedValue(completion?.prefix ?? "", WAIT_MS);

  // There are more resources than are counted at once, so what is typed narrows them.
  const isNarrowed = field !== undefined && OF_RESOURCES.has(field) && prefix !== "";
  const narrowed = isNarrowed ? { ...filter, q: [`resource:*${quoted(prefix)}*`] } : filter;
  const counted = useQuery({
    ...facetsQuery(narrowed, facet === undefined ? [] : [facet], COUNTED),
    enabled: facet !== undefined,
  });
  const people = useInfiniteQuery({
    ...usersQuery({ search: prefix, sort: "last_seen" }),
    enabled: field !== undefined && OF_USERS.has(field) && prefix !== "",
  });
  if (completion === undefined) return { suggestions: [], isLoading: false };
  if (completion.kind === "field") {
    return { suggestions: fieldSuggestions(completion.prefix), isLoading: false };
  }

  const found = counted.data?.facets.find((each) => each.field === facet)?.values ?? [];
  const counts = new Map(found.map(({ value, count }) => [value ?? "", count]));
  counts.delete("");
  const suggestions: Suggestion[] = valuesLike([...counts.keys()], completion.prefix).map(
    (value) => ({ value, label: value, count: counts.get(value) }),
  );
  for (const user of people.data?.pages[0]?.items ?? []) {
    const value = field === "user_id" ? user.user_id : user.user_email;
    const known = suggestions.find((each) => each.value === value);
    if (known !== undefined) known.about = user.name ?? undefined;
    else if (value !== null)
      suggestions.push({ value, label: value, about: user.name ?? undefined });
  }
  return { suggestions: suggestions.slice(0, SHOWN), isLoading: counted.isFetching };
}
