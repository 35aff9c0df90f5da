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
    EXPORT_CREATE = "export:create"
    KEY_MANAGE = "key:manage"
    SETTINGS_VIEW = "settings:view"
    SETTINGS_MANAGE = "settings:manage"


IMPLIED: dict[Permission, Permission] = {
    Permission.USER_MANAGE: Permission.USER_VIEW,
    Permission.SETTINGS_MANAGE: Permission.SETTINGS_VIEW,
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
    """One API key of exactly one organization, and what it may do."""

    organization: OrganizationId
    key_id: str
    name: str
    permissions: frozenset[Permission]

    @property
    def tenant(self) -> Tenant:
        return Tenant(self.organization)

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions or any(
            IMPLIED.get(held) is permission for held in self.permissions
        )


def system_tenant(organization: OrganizationId) -> Tenant:
    """The tenant for work the service does on its own: retention, its own events, the CLI."""
    return Tenant(organization)
