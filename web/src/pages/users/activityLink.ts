import type { Asked } from "../../api/insight";
import { queryOf } from "../../query/edit";

type Fields = Parameters<typeof queryOf>[0];

/** A user's Activity with exactly the events that a number counted; open to the user, too. */
export function activityLink(userId: string, asked: Asked, fields: Fields = {}) {
  const q = queryOf(fields);
  return {
    to: "/users/$userId/activity",
    params: { userId },
    search: {
      q: q === "" ? undefined : q,
      range: "custom",
      from: asked.start_date,
      to: asked.end_date,
    },
  } as const;
}
