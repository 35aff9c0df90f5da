"""The product's own trail: what people and keys do here, as events of their organization.

`record` writes an outbox row in the caller's transaction: the change and its event are
durable together or not at all. Capture then delivers the event to the log, once.
"""

from __future__ import annotations

import getpass
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from litestar.connection import ASGIConnection
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.address import client_address
from trailkeeper.event import MAX_TEXT_LENGTH, Source, Status
from trailkeeper.ids import new_event_id
from trailkeeper.principal import Principal, Tenant
from trailkeeper.settings import Settings
from trailkeeper.store.outbox import record_later

USER_AGENT_LENGTH: Final = 512
MAX_REFERENCE_LENGTH: Final = 512
"""What capture allows an id: a longer one is cut, so that the log takes the event."""

AnyConnection = ASGIConnection[Any, Any, Any, Any]
Changes = Mapping[str, tuple[Any, Any]]
"""Field -> (old, new), JSON-ready."""


@dataclass(frozen=True, slots=True)
class Requester:
    """Who did it and from where, as the event will say. Nobody known: `user_id` is empty."""

    user_id: str = ""
    email: str = ""
    address: str | None = None
    user_agent: str = ""
    source: Source = Source.SYSTEM
    operator: str = ""

    def fields(self) -> dict[str, Any]:
        """The event's fields; absent ones are left out."""
        found = {
            "user_id": self.user_id,
            "user_email": self.email,
            "ip_address": self.address,
            "user_agent": self.user_agent,
        }
        return {**{name: value for name, value in found.items() if value}, "source": self.source}


def requester_of(connection: AnyConnection, principal: Principal | None = None) -> Requester:
    """The requester behind an HTTP request; without `principal` an unknown one."""
    settings: Settings = connection.app.state["settings"]
    agent = connection.headers.get("user-agent", "")[:USER_AGENT_LENGTH]
    return Requester(
        user_id=principal.actor if principal else "",
        email=principal.email if principal else "",
        address=client_address(connection.scope, settings.trusted_proxies),
        user_agent="".join(each for each in agent if each.isprintable()),
        source=Source.API if principal and not principal.is_person else Source.UI,
    )


def operator() -> Requester:
    """Whoever runs a command on the server itself: not a user of the organization."""
    return Requester(source=Source.CLI, operator=getpass.getuser())


async def record(
    session: AsyncSession,
    tenant: Tenant,
    requester: Requester,
    action: str,
    *,
    now: datetime,
    resource_type: str,
    resource_id: str = "",
    resource_name: str = "",
    status: Status = Status.SUCCESS,
    details: Mapping[str, Any] | None = None,
    changes: Changes | None = None,
) -> str:
    """Queues the event of a change in the change's own transaction; returns the event's id.

    With `changes`, details tell `changed_fields`, `old_value` and `new_value` as the product
    text has them: the values alone where one field changed, else objects by field.
    """
    event_id = new_event_id()
    event = own_event(
        requester,
        action,
        resource_type=resource_type,
        resource_id=resource_id,
        resource_name=resource_name,
        status=status,
        details={**(details or {}), **changed_fields(changes or {})},
    )
    await record_later(session, tenant, event, event_id=event_id, now=now)
    return event_id


def own_event(
    requester: Requester,
    action: str,
    *,
    resource_type: str,
    resource_id: str = "",
    resource_name: str = "",
    status: Status = Status.SUCCESS,
    details: Mapping[str, Any],
) -> dict[str, Any]:
    """The fields of an event of the service's own, as the outbox takes them."""
    event = {
        **requester.fields(),
        "action": action,
        "resource_type": resource_type,
        "status": status,
        "details": {**details, **_by(requester)},
    }
    if resource_id:
        event["resource_id"] = resource_id[:MAX_REFERENCE_LENGTH]
    if resource_name:
        event["resource_name"] = resource_name[:MAX_TEXT_LENGTH]
    return event


def changed_fields(changes: Changes) -> dict[str, Any]:
    """What details say of changes: as the product text has them, for one field or for several."""
    real = {field: pair for field, pair in changes.items() if pair[0] != pair[1]}
    if not real:
        return {}
    if len(real) == 1:
        [(old, new)] = real.values()
        return {"changed_fields": list(real), "old_value": old, "new_value": new}
    return {
        "changed_fields": sorted(real),
        "old_value": {field: pair[0] for field, pair in real.items()},
        "new_value": {field: pair[1] for field, pair in real.items()},
    }


def _by(requester: Requester) -> dict[str, str]:
    return {"operator": requester.operator} if requester.operator else {}
