import { Badge, Button, Group, Text } from "@mantine/core";
import { useState } from "react";

import { useResendInvitation, useRevokeInvitation, type Invitation } from "../../api/people";
import { Gate } from "../../parts/Gate";
import { notifyDone, notifyProblem } from "../../parts/notify";
import { Plain } from "../../parts/Plain";
import { t } from "../../texts";
import { When } from "../../time/When";
import { ConfirmDialog } from "./ConfirmDialog";
import classes from "./InvitationRow.module.css";

const words = t.settings.members.invitations;

export function InvitationRow({ invitation }: { invitation: Invitation }) {
  const [isRevoking, setRevoking] = useState(false);
  const resend = useResendInvitation();
  const revoke = useRevokeInvitation();
  const { email, user_id: userId } = invitation;
  return (
    <li className={classes.row}>
      <div className={classes.who}>
        <Text component="div" fw={600} size="sm">
          <Plain text={invitation.name} />
          <Badge tt="none" ml={8} variant="dot" color="gray">
            {invitation.role}
          </Badge>
          {invitation.is_expired && (
            <Badge tt="none" ml={8} variant="dot" color="orange">
              {words.expired}
            </Badge>
          )}
        </Text>
        <Text component="div" size="xs" c="dimmed">
          <Plain text={email} /> · {words.sent} <When at={invitation.invited_at} kind="relative" />
          {!invitation.is_expired && (
            <>
              {" · "}
              {words.expires} <When at={invitation.expires_at} kind="short" />
            </>
          )}
        </Text>
      </div>
      <Gate permission="user:manage">
        <Group gap="xs">
          <Button
            size="xs"
            variant="default"
            loading={resend.isPending}
            onClick={() => {
              resend.mutate(userId, {
                onSuccess: () => {
                  notifyDone(words.resent(email));
                },
                onError: notifyProblem,
              });
            }}
          >
            {words.resend}
          </Button>
          <Button
            size="xs"
            variant="default"
            onClick={() => {
              setRevoking(true);
            }}
          >
            {words.revoke}
          </Button>
        </Group>
      </Gate>
      <ConfirmDialog
        isOpen={isRevoking}
        isDangerous
        title={words.revokeTitle(email)}
        text={words.revokeText}
        confirm={words.revoke}
        onConfirm={() =>
          revoke.mutateAsync(userId).then(() => {
            notifyDone(words.revoked(email));
          })
        }
        onClose={() => {
          setRevoking(false);
        }}
      />
    </li>
  );
}
