"""What `key` and `allow-list` do on the server's own machine, as `local` does for `org`.

Each change is on the record of the organization as the operator's doing: its event waits in
the database, and a running server delivers it, else the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from msgspec import UNSET
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.allow_list import (
    AllowedNetwork,
    get_allow_list,
    record_saved,
    save_allow_list,
)
from trailkeeper.access.key_changes import KeyPlan, change_key, issue_key, revoke_key, rotate_key
from trailkeeper.access.keys import ApiKey, IssuedKey, KeyHasher, list_keys
from trailkeeper.access.networks import parse_network, to_text
from trailkeeper.access.organizations import get_organization
from trailkeeper.access.people.editor import operating
from trailkeeper.cli.exits import CommandFailed, ExitCode, usage_error
from trailkeeper.cli.local import Document, make_folder, on_metadata
from trailkeeper.event import OrganizationId
from trailkeeper.principal import Permission, Tenant, system_tenant
from trailkeeper.secret import load_secret_key
from trailkeeper.settings import Settings

Entries = tuple[AllowedNetwork, ...]


def keys(settings: Settings, organization_id: str, created_by: str | None) -> list[Document]:
    async def work(session: AsyncSession) -> list[Document]:
        tenant = await tenant_of(session, organization_id)
        return [_key(each) for each in await list_keys(session, tenant, created_by=created_by)]

    return on_metadata(settings, work)


def new_key(
    settings: Settings,
    organization_id: str,
    name: str,
    permissions: Sequence[str],
    expires_at: datetime | None,
    allow_list: Sequence[str],
) -> Document:
    """The key's document with its whole `key`: the only time that it is shown."""
    hasher = _hasher(settings)
    plan = KeyPlan(name, [Permission(each) for each in permissions], expires_at, allow_list)

    async def work(session: AsyncSession) -> Document:
        tenant = await tenant_of(session, organization_id)
        now = datetime.now(UTC)
        return _issued(await issue_key(session, hasher, tenant, operating(), plan, now))

    return on_metadata(settings, work)


def changed_key(
    settings: Settings,
    organization_id: str,
    key_id: str,
    name: str | None,
    allow_list: Sequence[str] | None,
) -> Document:
    async def work(session: AsyncSession) -> Document:
        changed = await change_key(
            session,
            await tenant_of(session, organization_id),
            operating(),
            key_id,
            datetime.now(UTC),
            name=UNSET if name is None else name,
            allow_list=UNSET if allow_list is None else allow_list,
        )
        return _key(changed)

    return on_metadata(settings, work)


def rotated_key(
    settings: Settings, organization_id: str, key_id: str, overlap_hours: int
) -> Document:
    """The new key's document with its whole `key`: the only time that it is shown."""
    hasher = _hasher(settings)

    async def work(session: AsyncSession) -> Document:
        issued = await rotate_key(
            session,
            hasher,
            await tenant_of(session, organization_id),
            operating(),
            key_id,
            datetime.now(UTC),
            overlap=timedelta(hours=overlap_hours),
        )
        return _issued(issued)

    return on_metadata(settings, work)


def revoked_key(settings: Settings, organization_id: str, key_id: str) -> Document:
    async def work(session: AsyncSession) -> Document:
        tenant = await tenant_of(session, organization_id)
        return _key(await revoke_key(session, tenant, operating(), key_id, datetime.now(UTC)))

    return on_metadata(settings, work)


def allow_list(settings: Settings, organization_id: str) -> list[Document]:
    async def work(session: AsyncSession) -> Entries:
        return await get_allow_list(session, await tenant_of(session, organization_id))

    return documents(on_metadata(settings, work))


def allowed(
    settings: Settings, organization_id: str, networks: Sequence[str], note: str
) -> list[Document]:
    """Adds networks to the list."""
    added = tuple(AllowedNetwork(network=each, note=note) for each in networks)
    return _saved(settings, organization_id, lambda entries: (*entries, *added))


def disallowed(settings: Settings, organization_id: str, networks: Sequence[str]) -> list[Document]:
    """Takes networks off the list, as they stand there."""
    wanted = {_normal(each) for each in networks}

    def without(entries: Entries) -> Entries:
        missing = wanted - {each.network for each in entries}
        if missing:
            raise CommandFailed(
                "NETWORK_NOT_FOUND",
                f"not on the list: {', '.join(sorted(missing))}",
                hint="`trailkeeper allow-list show` lists them.",
                exit_code=ExitCode.NOT_FOUND,
            )
        return tuple(each for each in entries if each.network not in wanted)

    return _saved(settings, organization_id, without)


def cleared_allow_list(settings: Settings, organization_id: str) -> list[Document]:
    """Lets everyone through again."""
    return _saved(settings, organization_id, lambda entries: ())


def _saved(
    settings: Settings, organization_id: str, changed: Callable[[Entries], Entries]
) -> list[Document]:
    async def work(session: AsyncSession) -> Entries:
        tenant = await tenant_of(session, organization_id)
        entries = changed(await get_allow_list(session, tenant))
        change = await save_allow_list(session, tenant, entries)
        await record_saved(session, tenant, operating().requester, change, datetime.now(UTC))
        return change.new

    return documents(on_metadata(settings, work))


def _normal(network: str) -> str:
    try:
        return to_text(parse_network(network))
    except ValueError as error:
        raise usage_error("INVALID_NETWORK", f"{network!r} {error}") from None


async def tenant_of(session: AsyncSession, organization_id: str) -> Tenant:
    organization = await get_organization(session, OrganizationId(organization_id))
    return system_tenant(organization.id)


def _hasher(settings: Settings) -> KeyHasher:
    make_folder(settings)
    return KeyHasher.from_secret_key(load_secret_key(settings))


def documents(entries: Entries) -> list[Document]:
    return [msgspec.to_builtins(each) for each in entries]


def _key(key: ApiKey) -> Document:
    document: dict[str, Any] = msgspec.to_builtins(key)
    return {
        **document,
        "permissions": sorted(document["permissions"]),
        "allow_list": list(document["allow_list"]),
    }


def _issued(issued: IssuedKey) -> Document:
    return {**_key(issued.key), "key": issued.token}
