import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { ErrorState } from "../../parts/ErrorState";
import { LoadingState } from "../../parts/LoadingState";

type Props<T> = {
  query: UseQueryResult<T>;
  /** How many lines stand in for what is not there yet. */
  rows?: number;
  children: (data: T) => ReactNode;
};

/** What a query answered, or what stands in its place until then, or why it did not. */
export function Loaded<T>({ query, rows = 3, children }: Props<T>) {
  if (query.data !== undefined) return children(query.data);
  if (query.isError) {
    return <ErrorState problem={query.error} retry={() => void query.refetch()} isCompact />;
  }
  return <LoadingState rows={rows} />;
}
