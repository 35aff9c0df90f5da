"""Allow-lists: from which addresses an organization, or one of its keys, may be used.

A deny-list beside it (`deny_list.py`) goes first: what is blocked is let in by no list.

An empty list lets everyone through. Once a list has an entry, it holds for the console and
for keys alike, and nothing is exempt from it: not the server's own loopback either. Whoever
locked everybody out gets back in with `trailkeeper allow-list` on the server.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.networks import NetworkSet, checked_networks, network_set
from trailkeeper.access.recent import Recent
from trailkeeper.access.tables import DeniedNetworkRow, OrganizationRow
from trailkeeper.access.trail import Requester, record
from trailkeeper.errors import BadRequest, Conflict, Forbidden, NotFound
from trailkeeper.event import OrganizationId
from trailkeeper.principal import Principal, Tenant, system_tenant
from trailkeeper.store.metadata import Metadata

MAX_NOTE_LENGTH: Final = 200


class AllowedNetwork(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry: a network in CIDR notation or a single address, and what it is."""

    network: str
    note: str = ""


class ListChange(NamedTuple):
    """A list before and after it was saved."""

    old: tuple[AllowedNetwork, ...]
    new: tuple[AllowedNetwork, ...]


class _Lists(NamedTuple):
    """Both lists of an organization."""

    allowed: NetworkSet
    denied: NetworkSet


class AllowLists:
    """Lets a principal through by its address, or not.

    A list saved elsewhere MUST hold here within `TTL` seconds, and one that this process
    saved as soon as `forget` has returned.
    """

    TTL: Final = 5.0

    def __init__(self, metadata: Metadata, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._metadata = metadata
        self._lists = Recent(self._read, seconds=self.TTL, monotonic=monotonic)

    async def check(self, principal: Principal, address: str | None) -> None:
        """Raises Forbidden: ADDRESS_BLOCKED where the organization's deny-list holds the
        client's address (None: not known), ADDRESS_NOT_ALLOWED where its allow-list or the key's
        own has entries and does not."""
        lists = await self._lists.get(principal.organization)
        if lists.denied.holds(address):
            raise blocked(address)
        is_allowed = not lists.allowed or lists.allowed.holds(address)
        if is_allowed and principal.allowed_networks:
            is_allowed = network_set(principal.allowed_networks).holds(address)
        if not is_allowed:
            raise not_allowed(address)

    async def allows(self, organization: OrganizationId, address: str | None) -> bool:
        """Whether the organization's lists let the address through."""
        allowed, denied = await self._lists.get(organization)
        return not denied.holds(address) and (not allowed or allowed.holds(address))

    def forget(self, organization: OrganizationId) -> None:
        """Drops what is remembered of a list; to be called once its change is committed."""
        self._lists.forget(organization)

    async def _read(self, organization: OrganizationId) -> _Lists:
        tenant = system_tenant(organization)
        async with self._metadata.reading() as session:
            entries = await session.scalar(
                select(OrganizationRow.allow_list).where(OrganizationRow.id == organization)
            )
            denied = await session.scalars(
                select(DeniedNetworkRow.network).where(tenant.owns(DeniedNetworkRow.organization))
            )
            return _Lists(
                network_set(tuple(str(each["network"]) for each in entries or ())),
                network_set(tuple(sorted(denied))),
            )


async def get_allow_list(session: AsyncSession, tenant: Tenant) -> tuple[AllowedNetwork, ...]:
    """The organization's list. Raises NotFound(ORGANIZATION_NOT_FOUND)."""
    return _entries(await _row(session, tenant))


async def save_allow_list(
    session: AsyncSession, tenant: Tenant, entries: Sequence[AllowedNetwork]
) -> ListChange:
    """Replaces the list. After the commit, the caller tells its own `AllowLists` to `forget`.

    Raises NotFound(ORGANIZATION_NOT_FOUND), BadRequest as `checked_networks` does, or
    BadRequest(INVALID_NOTE).
    """
    row = await _row(session, tenant, for_update=True)
    old, new = _entries(row), checked_entries(entries)
    if old != new:
        row.allow_list = [msgspec.to_builtins(each) for each in new]
        await session.flush()
    return ListChange(old, new)


async def record_saved(
    session: AsyncSession,
    tenant: Tenant,
    requester: Requester,
    change: ListChange,
    now: datetime,
    *,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Puts a saved list on the record, in the transaction that saved it. No change, no record."""
    if change.old == change.new:
        return
    await record(
        session,
        tenant,
        requester,
        "UPDATE",
        now=now,
        resource_type="ALLOW_LIST",
        resource_id=tenant.organization,
        details=details,
        changes={"entries": (shown_entries(change.old), shown_entries(change.new))},
    )


def check_not_locked_out(
    networks: Sequence[str], address: str | None, *, is_confirmed: bool
) -> bool:
    """Whether the networks (in normal form) shut out whoever saves them.

    Raises Conflict(WOULD_LOCK_OUT) where they do and that was not confirmed.
    """
    is_locked_out = bool(networks) and not network_set(tuple(networks)).holds(address)
    if is_locked_out and not is_confirmed:
        raise Conflict(
            "WOULD_LOCK_OUT",
            f"Your own address, {address or 'which is not known'}, is not on this list: "
            "you could not undo it from here.",
            hint='Add your address, or send "confirm_lock_out": true.',
        )
    return is_locked_out


def not_allowed(address: str | None) -> Forbidden:
    return Forbidden(
        "ADDRESS_NOT_ALLOWED",
        f"Requests from {address or 'an unknown address'} are not allowed here.",
        hint="Ask an administrator to add the address to the allow-list.",
    )


def blocked(address: str | None) -> Forbidden:
    return Forbidden(
        "ADDRESS_BLOCKED",
        f"Requests from {address or 'an unknown address'} are blocked here.",
        hint="Ask an administrator to take the address off the deny-list.",
    )


def checked_entries(entries: Sequence[AllowedNetwork]) -> tuple[AllowedNetwork, ...]:
    """The entries in normal form. Raises BadRequest as `checked_networks` does, or INVALID_NOTE."""
    networks = checked_networks([each.network for each in entries], "entries")
    return tuple(
        AllowedNetwork(network=network, note=_checked_note(each.note, index))
        for index, (network, each) in enumerate(zip(networks, entries, strict=True))
    )


def _checked_note(note: str, index: int) -> str:
    note = note.strip()
    if len(note) > MAX_NOTE_LENGTH or not note.isprintable():
        raise BadRequest(
            "INVALID_NOTE",
            f"A note has at most {MAX_NOTE_LENGTH} printable characters.",
            field=f"entries.{index}",
        )
    return note


def shown_entries(entries: Sequence[AllowedNetwork]) -> list[str]:
    """As events tell it: `203.0.113.0/24 (office)`."""
    return [f"{each.network} ({each.note})" if each.note else each.network for each in entries]


def _entries(row: OrganizationRow) -> tuple[AllowedNetwork, ...]:
    return tuple(msgspec.convert(row.allow_list, list[AllowedNetwork]))


async def _row(
    session: AsyncSession, tenant: Tenant, *, for_update: bool = False
) -> OrganizationRow:
    statement = select(OrganizationRow).where(OrganizationRow.id == tenant.organization)
    row = await session.scalar(statement.with_for_update() if for_update else statement)
    if row is None:
        raise NotFound("ORGANIZATION_NOT_FOUND", f"There is no organization {tenant.organization}.")
    return row
