import { useQuery } from "@tanstack/react-query";

import { ApiProblem } from "../../api/client";
import { userQuery } from "../../api/users";
import { visibleText } from "../../parts/plainText";
import { t } from "../../texts";
import { formatTime } from "../../time/format";
import { useZone } from "../../time/zone";
import classes from "./NothingFound.module.css";

export interface NothingOfUserProps {
  userId: string;
}

/** Whether the user that is filtered for exists, and has ever done anything. */
export function NothingOfUser({ userId }: NothingOfUserProps) {
  const { zone } = useZone();
  const { data: user, error } = useQuery({ ...userQuery(userId), retry: false });
  const { nothing } = t.explorer;
  const name = visibleText(user?.name ?? user?.user_email ?? userId);
  const isUnknown = error instanceof ApiProblem && error.status === 404;
  const lastSeen = user?.last_seen_at ?? null;
  if (user === undefined && !isUnknown) return null;
  return (
    <section>
      <h3 className={classes.subtitle}>{nothing.userTitle}</h3>
      <p className={classes.text}>
        {isUnknown
          ? nothing.noUser(visibleText(userId))
          : lastSeen === null
            ? nothing.userWithout(name)
            : nothing.userLast(name, formatTime(lastSeen, zone, "full"))}
      </p>
    </section>
  );
}
