import { Anchor, NativeSelect, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";

import type { Team } from "../../api/insight";
import { EmptyState } from "../../parts/EmptyState";
import { LoadingState } from "../../parts/LoadingState";
import { Panel } from "../../parts/Panel";
import { t } from "../../texts";
import { InactiveRow } from "./InactiveRow";
import classes from "./InactiveUsers.module.css";
import { INACTIVE_DAYS } from "./search";

const words = t.analytics.inactive;
const MOST = 5;

interface InactiveUsersProps {
  team: Team | undefined;
  days: number;
  onDays: (days: number) => void;
}

/** Who has not signed in for so long, the longest first, and who never did. */
export function InactiveUsers({ team, days, onDays }: InactiveUsersProps) {
  // What a link asks for can be chosen, also where it is no usual one.
  const choices = [...new Set<number>([...INACTIVE_DAYS, days])].sort((one, other) => one - other);
  return (
    <Panel
      title={words.title}
      counts={words.counts(days)}
      actions={
        <NativeSelect
          size="xs"
          aria-label={words.days}
          value={String(days)}
          data={choices.map((n) => ({ value: String(n), label: words.daysOption(n) }))}
          onChange={(change) => {
            onDays(Number(change.currentTarget.value));
          }}
        />
      }
    >
      {team === undefined ? (
        <LoadingState rows={MOST} height={36} />
      ) : team.inactive_users.length === 0 ? (
        <EmptyState title={words.empty} isCompact />
      ) : (
        <>
          <ul className={classes.list} aria-label={words.title}>
            {team.inactive_users.slice(0, MOST).map((user) => (
              <InactiveRow key={user.user_id} user={user} />
            ))}
          </ul>
          <div className={classes.foot}>
            <Text size="sm" c="dimmed">
              {words.inAll(team.inactive_count, team.never_signed_in_count)}
            </Text>
            <Anchor
              size="sm"
              renderRoot={(root) => (
                <Link {...root} to="/users" search={{ sort: "last_login", order: "asc" }} />
              )}
            >
              {words.all}
            </Anchor>
          </div>
        </>
      )}
    </Panel>
  );
}
