import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { IconLogout } from "@tabler/icons-react";

import { useMay } from "../../api/me";
import { sessionsQuery, useSignOutUser } from "../../api/users";
import { ConfirmButton } from "../../parts/ConfirmButton";
import { EmptyState } from "../../parts/EmptyState";
import { ErrorState } from "../../parts/ErrorState";
import { LoadingState } from "../../parts/LoadingState";
import { NoPermission } from "../../parts/NoPermission";
import { notifyDone } from "../../parts/notify";
import { Panel } from "../../parts/Panel";
import { t } from "../../texts";
import { SessionsTable } from "./SessionsTable";

const route = getRouteApi("/app/users/$userId/sessions");
const words = t.users.sessions;

/** Where a user is signed in to this organization, and how to end it. */
export function SessionsTab() {
  const { userId } = route.useParams();
  const mayManage = useMay("user:manage");
  const { data, error, refetch } = useQuery({ ...sessionsQuery(userId), enabled: mayManage });
  const signOut = useSignOutUser(userId);
  const end = async (sessionId: string | null) => {
    await signOut.mutateAsync(sessionId);
    notifyDone(words.ended);
  };
  if (!mayManage) {
    return <NoPermission permission="user:manage" />;
  }
  const hasAny = data !== undefined && data.items.length > 0;
  return (
    <Stack gap="md">
      <Panel
        isFlush
        title={words.title}
        counts={words.counts}
        actions={
          hasAny && (
            <ConfirmButton
              label={words.everywhere}
              title={words.everywhere}
              text={words.everywhereSure}
              confirmLabel={words.everywhere}
              icon={<IconLogout size={14} aria-hidden />}
              onConfirm={() => end(null)}
            />
          )
        }
      >
        {error !== null && data === undefined ? (
          <ErrorState problem={error} retry={() => void refetch()} />
        ) : data === undefined ? (
          <LoadingState rows={3} height={44} />
        ) : hasAny ? (
          <SessionsTable sessions={data.items} onEnd={end} />
        ) : (
          <EmptyState title={words.empty} text={words.emptyHint} />
        )}
      </Panel>
    </Stack>
  );
}
