import type { Asked } from "../../api/insight";
import { queryOf } from "../../query/edit";

type Fields = Parameters<typeof queryOf>[0];

/** The Explorer with exactly the events that a number counted: the same fields, the same range. */
export function exactly(asked: Asked, fields: Fields = {}) {
  const q = queryOf(fields);
  return {
    q: q === "" ? undefined : q,
    range: "custom" as const,
    from: asked.start_date,
    to: asked.end_date,
  };
}
