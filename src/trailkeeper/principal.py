"""Who asks, and the only maker of tenant filters.

Every query on events or metadata is confined to one organization by a `Tenant`, and a
`Tenant` is made only here: by a `Principal` that was authenticated, or by
`system_tenant` for work that the service does itself on an organization's behalf.
`tools/lint_tenant_scope.py` proves that no query is built without one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from trailkeeper.event import OrganizationId


class Permission(StrEnum):
    """What a key or a role may do. `manage` implies `view`."""

    EVENT_WRITE = "event:write"
    USER_VIEW = "user:view"
    USER_MANAGE = "user:manage"
    ROLE_MANAGE = "role:manage"
    EXPORT_CREATE = "export:create"
    KEY_MANAGE = "key:manage"
    CHANNEL_MANAGE = "channel:manage"
    SETTINGS_VIEW = "settings:view"
    SETTINGS_MANAGE = "settings:manage"
    SECURITY_MANAGE = "security:manage"
    RULE_VIEW = "rule:view"
    RULE_MANAGE = "rule:manage"
    DETECTION_VIEW = "detection:view"
    DETECTION_MANAGE = "detection:manage"


IMPLIED: dict[Permission, Permission] = {
    Permission.USER_MANAGE: Permission.USER_VIEW,
    Permission.SETTINGS_MANAGE: Permission.SETTINGS_VIEW,
    Permission.RULE_MANAGE: Permission.RULE_VIEW,
    Permission.DETECTION_MANAGE: Permission.DETECTION_VIEW,
}


@dataclass(frozen=True, slots=True)
class Tenant:
    """Confines a query to one organization."""

    organization: OrganizationId

    def sql(self) -> str:
        """The condition for the events engine; its value is bound by `parameters`."""
        return "organization = {tenant:String}"

    def parameters(self) -> dict[str, str]:
        return {"tenant": self.organization}

    def owns(self, column: Any) -> Any:
        """The condition for a metadata column that holds an organization's id."""
        return column == self.organization


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks: one API key, or one signed-in person, of exactly one organization.

    A key has `key_id`; a person has `user_id` (their id in the organization's events),
    `email`, `person_id` (their account) and `session_id`. `must_enroll` says that the
    organization wants a second factor which this person has yet to set up: until then the
    session is good for that alone. `allowed_networks` are a key's own allow-list in normal
    form; empty lets it be used from everywhere. `confined_to` are names and values of a filter
    that every question is put into: an embed token's, () for everybody else.
    """

    organization: OrganizationId
    key_id: str | None
    name: str
    permissions: frozenset[Permission]
    user_id: str = ""
    email: str = ""
    person_id: str | None = None
    session_id: str | None = None
    must_enroll: bool = False
    allowed_networks: tuple[str, ...] = ()
    confined_to: tuple[tuple[str, str], ...] = ()

    @property
    def tenant(self) -> Tenant:
        return Tenant(self.organization)

    @property
    def actor(self) -> str:
        """Who the organization's own log says did it: `api-key:<id>` for a key."""
        return self.user_id or f"api-key:{self.key_id}"

    @property
    def is_person(self) -> bool:
        return self.person_id is not None

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions or any(
            IMPLIED.get(held) is permission for held in self.permissions
        )


def system_tenant(organization: OrganizationId) -> Tenant:
    """The tenant for work the service does on its own: retention, its own events, the CLI."""
    return Tenant(organization)
