"""Roles: named sets of permissions. The built-in ones are listed here, once.

An organization may add roles of its own (`people/roles.py`); these five are everywhere and
cannot be changed.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from trailkeeper.principal import IMPLIED, Permission


class BuiltInRole(StrEnum):
    SUPER_ADMIN = "SUPER_ADMIN"
    ADMIN = "ADMIN"
    DEVOPS = "DEVOPS"
    DEVELOPER = "DEVELOPER"
    TESTER = "TESTER"


EVERYTHING: Final = frozenset(Permission)

BUILT_IN_ROLES: Final[dict[str, frozenset[Permission]]] = {
    BuiltInRole.SUPER_ADMIN: EVERYTHING,
    # All but what decides who gets in at all: own roles, single sign-on, the allow-list.
    BuiltInRole.ADMIN: EVERYTHING - {Permission.SECURITY_MANAGE, Permission.ROLE_MANAGE},
    BuiltInRole.DEVOPS: frozenset(
        {
            Permission.EVENT_WRITE,
            Permission.KEY_MANAGE,
            Permission.SETTINGS_VIEW,
            Permission.RULE_VIEW,
            Permission.DETECTION_VIEW,
        }
    ),
    BuiltInRole.DEVELOPER: frozenset({Permission.EVENT_WRITE}),
    # Everyone sees their own activity; a tester nothing else.
    BuiltInRole.TESTER: frozenset(),
}

ROLE_TITLES: Final[dict[str, str]] = {
    BuiltInRole.SUPER_ADMIN: "Everything, also single sign-on, the allow-list and own roles",
    BuiltInRole.ADMIN: "People, activity, exports, keys and settings",
    BuiltInRole.DEVOPS: "Sends events, manages keys, reads settings, rules and detections",
    BuiltInRole.DEVELOPER: "Sends events; sees own activity",
    BuiltInRole.TESTER: "Sees own activity",
}

PERMISSION_TITLES: Final[dict[Permission, str]] = {
    Permission.EVENT_WRITE: "Record events",
    Permission.USER_VIEW: "See users and the activity of everyone",
    Permission.USER_MANAGE: "Invite, change, disable and delete users",
    Permission.ROLE_MANAGE: "Make, change and delete the organization's own roles",
    Permission.EXPORT_CREATE: "Export the log",
    Permission.KEY_MANAGE: "Create, change and revoke API keys",
    Permission.CHANNEL_MANAGE: "Manage channels, alert settings and deliveries",
    Permission.SETTINGS_VIEW: "See the organization's settings",
    Permission.SETTINGS_MANAGE: "Change the organization's settings",
    Permission.SECURITY_MANAGE: "Change single sign-on, the allow-list and the second-factor rule",
    Permission.RULE_VIEW: "See detection rules",
    Permission.RULE_MANAGE: "Write, change, turn on and off detection rules; say what is expected",
    Permission.DETECTION_VIEW: "See detections",
    Permission.DETECTION_MANAGE: "Work on detections: state, assignee, notes",
}


def with_implied(permissions: frozenset[Permission]) -> frozenset[Permission]:
    """The permissions and those they imply."""
    return permissions | {IMPLIED[each] for each in permissions if each in IMPLIED}
