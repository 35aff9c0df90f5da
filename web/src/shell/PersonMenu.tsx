import { Avatar, Menu, UnstyledButton } from "@mantine/core";
import {
  IconActivity,
  IconBuilding,
  IconCheck,
  IconKeyboard,
  IconLogout,
  IconShieldLock,
  IconUser,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";

import { useGoToOrganization, useMe, useSignOut } from "../api/me";
import { notifyProblem } from "../parts/notify";
import { Plain } from "../parts/Plain";
import { visibleText } from "../parts/plainText";
import { t } from "../texts";
import { initialsOf } from "./initials";
import classes from "./TopBar.module.css";

export interface PersonMenuProps {
  onShowShortcuts: () => void;
}

const icon = { size: 15, stroke: 1.75, "aria-hidden": true };

/** Who is signed in and where: the own pages, other organizations, signing out. */
export function PersonMenu({ onShowShortcuts }: PersonMenuProps) {
  const me = useMe();
  const goTo = useGoToOrganization();
  const signOut = useSignOut();
  const words = t.shell.person;
  const name = [me.name, me.email].find(Boolean) ?? words.unnamed;
  return (
    // In place and not at the document's end, so that it is a part of the banner that opens it.
    <Menu position="bottom-end" width={280} withinPortal={false}>
      <Menu.Target>
        <UnstyledButton className={classes.person}>
          <span className="tk-visually-hidden">{words.menu}</span>
          <Avatar size={26} radius="xl" color="iris" variant="filled" aria-hidden>
            {initialsOf(name)}
          </Avatar>
          <span className={classes.names}>
            <span className={classes.name}>{visibleText(name)}</span>
            <span className={classes.organization}>{visibleText(me.organization.name)}</span>
          </span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes.who}>
          <Plain text={name} isTruncated />
          <span className="tk-dim">
            <Plain text={me.email} isTruncated />
          </span>
          <span className="tk-dim tk-mono">{me.role}</span>
        </div>
        <Menu.Divider />
        {me.user_id && (
          <Menu.Item
            leftSection={<IconActivity {...icon} />}
            renderRoot={(root) => (
              <Link {...root} to="/users/$userId/activity" params={{ userId: me.user_id ?? "" }} />
            )}
          >
            {words.activity}
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={<IconUser {...icon} />}
          renderRoot={(root) => <Link {...root} to="/settings/profile" />}
        >
          {words.profile}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconShieldLock {...icon} />}
          renderRoot={(root) => <Link {...root} to="/settings/security" />}
        >
          {words.security}
        </Menu.Item>
        <Menu.Item leftSection={<IconKeyboard {...icon} />} onClick={onShowShortcuts}>
          {words.shortcuts}
        </Menu.Item>
        {me.organizations.length > 1 && (
          <>
            <Menu.Divider />
            <Menu.Label>{words.organizations}</Menu.Label>
            {me.organizations.map((organization) => {
              const isHere = organization.id === me.organization.id;
              return (
                <Menu.Item
                  key={organization.id}
                  renderRoot={(root) => (
                    <button {...root} role="menuitemradio" aria-checked={isHere} />
                  )}
                  disabled={goTo.isPending}
                  leftSection={<IconBuilding {...icon} />}
                  rightSection={isHere ? <IconCheck {...icon} /> : undefined}
                  onClick={() => {
                    if (!isHere) {
                      goTo.mutate(organization.id, { onError: notifyProblem });
                    }
                  }}
                >
                  <Plain text={organization.name} />
                </Menu.Item>
              );
            })}
          </>
        )}
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout {...icon} />}
          onClick={() => {
            signOut.mutate(undefined, { onError: notifyProblem });
          }}
        >
          {words.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
