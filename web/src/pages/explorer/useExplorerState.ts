import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";

import type { EventFilter } from "../../api/events";
import { addFilter, bothOf, excludeFilter, queryOf, type FilterValue } from "../../query/edit";
import type { Range } from "../../time/range";
import { useBounds } from "../../time/useBounds";
import type { Explorer, ExplorerScope } from "./ExplorerContext";
import { readExplorerSearch, type ExplorerLink, type ExplorerSearch } from "./search";

/** A preset's end that is older than this is moved on to now with the next change. */
const STALE_MS = 60_000;

function toFilter(q: string, scope: ExplorerScope | undefined): Partial<EventFilter> {
  const asked = q.trim() === "" ? {} : { q: [q] };
  if (scope === undefined) return asked;
  if ("user_id" in scope) return { ...asked, user_id: [scope.user_id] };
  return { ...asked, resource_type: [scope.resource_type], resource_id: [scope.resource_id] };
}

/** The address as the Explorer's state, and its changes as steps of the browser's history. */
export function useExplorerState(scope: ExplorerScope | undefined): Explorer {
  const raw: ExplorerLink = useSearch({ strict: false });
  const search = useMemo(() => readExplorerSearch(raw), [raw]);
  const navigate = useNavigate();
  const { refresh, start_date, end_date } = useBounds(search);
  const q = search.q ?? "";

  const set = useCallback(
    (changes: Partial<ExplorerSearch>, how?: { isStep?: boolean }) => {
      const isNewSearch = "q" in changes && search.range !== "custom";
      if (isNewSearch && Date.now() - Date.parse(end_date) > STALE_MS) refresh();
      const next = { ...search, ...changes };
      if (next.range !== "custom") {
        delete next.from;
        delete next.to;
      }
      void navigate({ to: ".", search: next, replace: how?.isStep === false });
    },
    [search, navigate, refresh, end_date],
  );

  const setQuery = useCallback(
    (next: string) => {
      set({ q: next.trim() === "" ? undefined : next.trim() });
    },
    [set],
  );
  const setRange = useCallback(
    (range: Range) => {
      set({ from: undefined, to: undefined, at: undefined, ...range });
    },
    [set],
  );
  const filterFor = useCallback(
    (field: string, value: FilterValue) => {
      setQuery(addFilter(q, field, value));
    },
    [q, setQuery],
  );
  const filterOut = useCallback(
    (field: string, value: FilterValue) => {
      setQuery(excludeFilter(q, field, value));
    },
    [q, setQuery],
  );

  // A scope is often written where it is given, a new object each time: its text is what counts.
  const scopeKey = scope === undefined ? "" : JSON.stringify(scope);
  return useMemo(() => {
    const fixed = scopeKey === "" ? undefined : (JSON.parse(scopeKey) as ExplorerScope);
    return {
      search,
      q,
      wholeQuery: bothOf(queryOf(fixed ?? {}), q),
      scope: fixed,
      bounds: { start_date, end_date },
      filter: { ...toFilter(q, fixed), start_date, end_date },
      set,
      setQuery,
      setRange,
      filterFor,
      filterOut,
      refresh,
    };
  }, [
    search,
    q,
    scopeKey,
    start_date,
    end_date,
    set,
    setQuery,
    setRange,
    filterFor,
    filterOut,
    refresh,
  ]);
}
