"""The deny-list: addresses from which an organization may not be used, whatever else lets them in.

For what an investigation finds: one address is blocked in a moment, and the offices' own
allow-list need not exist for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.allow_list import (
    AllowedNetwork,
    ListChange,
    checked_entries,
    shown_entries,
)
from trailkeeper.access.networks import MAX_NETWORKS, network_set
from trailkeeper.access.tables import DeniedNetworkRow, OrganizationRow
from trailkeeper.access.trail import Requester, record
from trailkeeper.errors import BadRequest, Conflict, NotFound
from trailkeeper.principal import Tenant

DENY_LIST: Final = "DENY_LIST"


async def get_deny_list(session: AsyncSession, tenant: Tenant) -> tuple[AllowedNetwork, ...]:
    """What is blocked, in the order it was."""
    rows = await session.scalars(
        select(DeniedNetworkRow)
        .where(tenant.owns(DeniedNetworkRow.organization))
        .order_by(DeniedNetworkRow.created_at, DeniedNetworkRow.network)
    )
    return tuple(AllowedNetwork(network=row.network, note=row.note) for row in rows)


async def block(
    session: AsyncSession, tenant: Tenant, entries: Sequence[AllowedNetwork], now: datetime
) -> ListChange:
    """Adds to the list; what is on it already gets the new note.

    After the commit, the caller tells its `AllowLists` to `forget`. Raises BadRequest as
    `checked_entries` does, or BadRequest(TOO_MANY_NETWORKS).
    """
    await _lock(session, tenant)
    old = await get_deny_list(session, tenant)
    added = {each.network: each for each in checked_entries(entries)}
    new = (*(added.pop(each.network, each) for each in old), *added.values())
    if len(new) > MAX_NETWORKS:
        raise BadRequest(
            "TOO_MANY_NETWORKS", f"A list has at most {MAX_NETWORKS} networks.", field="entries"
        )
    await _replace(session, tenant, old, new, now)
    return ListChange(old, new)


async def unblock(
    session: AsyncSession, tenant: Tenant, networks: Sequence[str], now: datetime
) -> ListChange:
    """Takes off the list. Raises BadRequest as `checked_entries` does, or
    NotFound(NETWORK_NOT_BLOCKED)."""
    await _lock(session, tenant)
    old = await get_deny_list(session, tenant)
    gone = {each.network for each in checked_entries([AllowedNetwork(network=n) for n in networks])}
    unknown = gone - {each.network for each in old}
    if unknown:
        raise NotFound("NETWORK_NOT_BLOCKED", f"{min(unknown)} is not on the deny-list.")
    new = tuple(each for each in old if each.network not in gone)
    await _replace(session, tenant, old, new, now)
    return ListChange(old, new)


async def record_blocked(
    session: AsyncSession, tenant: Tenant, requester: Requester, change: ListChange, now: datetime
) -> None:
    """Puts the change on the record, in its transaction. No change, no record."""
    if change.old == change.new:
        return
    await record(
        session,
        tenant,
        requester,
        "UPDATE",
        now=now,
        resource_type=DENY_LIST,
        resource_id=tenant.organization,
        changes={"entries": (shown_entries(change.old), shown_entries(change.new))},
    )


def check_not_blocked(change: ListChange, address: str | None) -> None:
    """Raises Conflict(WOULD_LOCK_OUT) where who asks would block their own address."""
    added = set(change.new) - set(change.old)
    if network_set(tuple(sorted(each.network for each in added))).holds(address):
        raise Conflict(
            "WOULD_LOCK_OUT",
            f"Your own address, {address}, is in it: you could not undo it from here.",
            hint="Block a smaller network, or use the command on the server.",
        )


async def _lock(session: AsyncSession, tenant: Tenant) -> None:
    """Two changes of one list take turns."""
    await session.execute(
        select(OrganizationRow.id)
        .where(OrganizationRow.id == tenant.organization)
        .with_for_update()
    )


async def _replace(
    session: AsyncSession,
    tenant: Tenant,
    old: Sequence[AllowedNetwork],
    new: Sequence[AllowedNetwork],
    now: datetime,
) -> None:
    gone = [each.network for each in set(old) - set(new)]
    if gone:
        await session.execute(
            delete(DeniedNetworkRow).where(
                tenant.owns(DeniedNetworkRow.organization), DeniedNetworkRow.network.in_(gone)
            )
        )
    known = set(old)
    session.add_all(
        DeniedNetworkRow(
            organization=tenant.organization, network=each.network, note=each.note, created_at=now
        )
        for each in new
        if each not in known
    )
    await session.flush()
