"""Puts together who had access to a resource, and for one user what took it away."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from trailkeeper.errors import NotFound
from trailkeeper.principal import Tenant
from trailkeeper.search.access_at.read import (
    Stores,
    UserAccess,
    read_emails,
    read_resource_log,
    read_user_access,
)
from trailkeeper.search.access_at.resource import Basis, ResourceAccess, access_at, lost_by
from trailkeeper.search.access_at.schema import (
    MAX_CHANGES,
    AccessChangeView,
    ResourceAccessView,
    to_account_view,
    to_change_view,
    to_event_ref,
    to_held_view,
    to_log_reach,
)
from trailkeeper.search.access_at.shapes import EVERYONE, Kind

SHUT_OUT: Final = ("disabled", "deleted")


async def answer_resource_access(
    stores: Stores,
    tenant: Tenant,
    resource: tuple[str, str],
    at: datetime,
    user_id: str | None,
) -> ResourceAccessView:
    """`resource` is type and id. Raises NotFound(RESOURCE_NOT_FOUND), Unavailable."""
    log = await read_resource_log(stores, tenant, *resource)
    if not log.has_events:
        raise NotFound(
            "RESOURCE_NOT_FOUND",
            "The log knows nothing of this resource.",
            hint=f"It reaches back to {log.reach.reaches_back_to:%Y-%m-%d}.",
        )
    subjects: frozenset[str] = frozenset()
    account = None
    if user_id is not None:
        emails = await read_emails(stores.engine, tenant, user_id)
        subjects = frozenset({user_id.lower(), *emails})
        account = await read_user_access(stores, tenant, user_id, at)
    access = access_at(log.changes, at, subjects)
    return ResourceAccessView(
        resource_type=resource[0],
        resource_id=resource[1],
        resource_name=log.name or None,
        at=at,
        user_id=user_id,
        exists=access.exists,
        access=[to_held_view(each) for each in access.held],
        lost_by=_lost_by(access, subjects, account),
        changes=[to_change_view(each) for each in access.changes[:MAX_CHANGES]],
        next_change=to_change_view(access.next_change) if access.next_change else None,
        account=to_account_view(account, at) if account is not None else None,
        log=to_log_reach(log.reach, at, is_told=bool(log.changes)),
    )


def _lost_by(
    access: ResourceAccess, subjects: frozenset[str], account: UserAccess | None
) -> AccessChangeView | None:
    """Of the asked user alone: the resource's end, the loss of access, or of the account."""
    if account is None:
        return None
    change = lost_by(access, subjects)
    if change is not None:
        return to_change_view(change)
    status = account.status
    if status is None or status.event is None or status.basis is not Basis.EVENT:
        return None
    if status.value not in SHUT_OUT:
        return None
    return AccessChangeView(
        kind=Kind.ENDED,
        subject=status.event.resource_id or EVERYONE,
        field="status",
        old=None,
        new=status.value,
        event=to_event_ref(status.event),
    )
