import { ActionIcon, Menu } from "@mantine/core";
import {
  IconBan,
  IconDots,
  IconLogout,
  IconShieldOff,
  IconTrash,
  IconUser,
  IconUserCheck,
  IconUserCog,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { useMe } from "../../api/me";
import { useChangeUser, type Member } from "../../api/people";
import { notifyDone, notifyProblem } from "../../parts/notify";
import { t } from "../../texts";
import { MemberDialogs, type MemberDialog } from "./MemberDialogs";

const words = t.settings.members;

/** What can be done with a member; each says what follows before it does it. */
export function MemberActions({ member }: { member: Member }) {
  const me = useMe();
  const [open, setOpen] = useState<MemberDialog | null>(null);
  const change = useChangeUser();
  const name = member.name ?? member.user_id;
  const isSelf = member.user_id === me.user_id;
  const enable = () => {
    change.mutate(
      { userId: member.user_id, changes: { status: "active" } },
      {
        onSuccess: () => {
          notifyDone(words.disableDialog.enabled(name));
        },
        onError: notifyProblem,
      },
    );
  };
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={28}
            loading={change.isPending}
            aria-label={t.settings.actionsOf(name)}
          >
            <IconDots size={16} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconUser size={16} aria-hidden />}
            renderRoot={(props: object) => (
              <Link to="/users/$userId/overview" params={{ userId: member.user_id }} {...props} />
            )}
          >
            {words.profile}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconUserCog size={16} aria-hidden />}
            onClick={() => {
              setOpen("role");
            }}
          >
            {words.changeRole}
          </Menu.Item>
          {!isSelf && (
            <>
              <Menu.Item
                leftSection={<IconLogout size={16} aria-hidden />}
                onClick={() => {
                  setOpen("signOut");
                }}
              >
                {words.signOut}
              </Menu.Item>
              <Menu.Item
                leftSection={<IconShieldOff size={16} aria-hidden />}
                onClick={() => {
                  setOpen("factors");
                }}
              >
                {words.resetFactors}
              </Menu.Item>
            </>
          )}
          <Menu.Divider />
          {member.status === "active" ? (
            <Menu.Item
              leftSection={<IconBan size={16} aria-hidden />}
              onClick={() => {
                setOpen("disable");
              }}
            >
              {words.disable}
            </Menu.Item>
          ) : (
            <Menu.Item leftSection={<IconUserCheck size={16} aria-hidden />} onClick={enable}>
              {words.enable}
            </Menu.Item>
          )}
          <Menu.Item
            color="red"
            leftSection={<IconTrash size={16} aria-hidden />}
            onClick={() => {
              setOpen("delete");
            }}
          >
            {words.delete}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <MemberDialogs
        member={member}
        open={open}
        onClose={() => {
          setOpen(null);
        }}
      />
    </>
  );
}
