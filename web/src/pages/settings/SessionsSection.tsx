import { Button, Group, Stack } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { ownSessionsQuery, useSignOutEverywhere } from "../../api/sessions";
import { t } from "../../texts";
import { ConfirmDialog } from "./ConfirmDialog";
import { Loaded } from "./Loaded";
import { SessionRow } from "./SessionRow";

/** Where one is signed in, each with a way to end it. */
export function SessionsSection() {
  const words = t.settings.security.sessions;
  const sessions = useQuery(ownSessionsQuery);
  const everywhere = useSignOutEverywhere();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [isAsking, setAsking] = useState(false);
  const signOut = async () => {
    await everywhere.mutateAsync();
    client.clear();
    await navigate({ to: "/login", replace: true });
  };
  return (
    <>
      <Loaded query={sessions}>
        {({ items }) => (
          <Stack gap={0} component="ul" m={0} p={0}>
            {items.map((session) => (
              <SessionRow key={session.id} session={session} />
            ))}
          </Stack>
        )}
      </Loaded>
      <Group mt="md">
        <Button
          variant="default"
          onClick={() => {
            setAsking(true);
          }}
        >
          {words.everywhere}
        </Button>
      </Group>
      <ConfirmDialog
        isOpen={isAsking}
        isDangerous
        title={words.everywhere}
        text={words.everywhereText}
        confirm={words.everywhere}
        onConfirm={signOut}
        onClose={() => {
          setAsking(false);
        }}
      />
    </>
  );
}
