"""What `org` and `key` do on the server's own machine: straight on the metadata database.

Imports the server's code, so it is loaded through `serverside.load` only. Whoever can read
the database file or its password is the operator: no key is asked for.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.keys import ApiKey, KeyHasher, create_key, list_keys, revoke_key
from trailkeeper.access.organizations import (
    Organization,
    OrganizationChanges,
    create_organization,
    get_organization,
    list_organizations,
    update_organization,
)
from trailkeeper.cli.exits import usage_error
from trailkeeper.cli.quiet import quiet_logs
from trailkeeper.event import OrganizationId
from trailkeeper.principal import Permission, system_tenant
from trailkeeper.secret import load_secret_key
from trailkeeper.settings import Settings
from trailkeeper.store.metadata import Metadata

Document = dict[str, Any]
Result = TypeVar("Result")


def organizations(settings: Settings) -> list[Document]:
    async def work(session: AsyncSession) -> list[Document]:
        return [_organization(each) for each in await list_organizations(session)]

    return _on_metadata(settings, work)


def new_organization(
    settings: Settings, name: str, organization_id: str | None, time_zone: str, retention_days: int
) -> Document:
    async def work(session: AsyncSession) -> Document:
        created = await create_organization(
            session,
            name,
            id=organization_id,
            time_zone=time_zone,
            retention_days=retention_days,
            now=datetime.now(UTC),
        )
        return _organization(created)

    return _on_metadata(settings, work)


def organization(settings: Settings, organization_id: str) -> Document:
    async def work(session: AsyncSession) -> Document:
        return _organization(await get_organization(session, OrganizationId(organization_id)))

    return _on_metadata(settings, work)


def changed_organization(
    settings: Settings, organization_id: str, changes: dict[str, Any]
) -> Document:
    """`changes` has the fields of OrganizationChanges. Raises a usage error for others."""
    try:
        wanted = msgspec.convert(changes, OrganizationChanges)
    except msgspec.ValidationError as error:
        raise usage_error("INVALID_CHANGES", str(error)) from None

    async def work(session: AsyncSession) -> Document:
        tenant = OrganizationId(organization_id)
        return _organization(await update_organization(session, tenant, wanted))

    return _on_metadata(settings, work)


def keys(settings: Settings, organization_id: str) -> list[Document]:
    async def work(session: AsyncSession) -> list[Document]:
        found = await get_organization(session, OrganizationId(organization_id))
        return [_key(each) for each in await list_keys(session, system_tenant(found.id))]

    return _on_metadata(settings, work)


def new_key(
    settings: Settings,
    organization_id: str,
    name: str,
    permissions: list[str],
    expires_at: datetime | None,
) -> Document:
    """The key's document with its whole `key`: the only time that it is shown."""
    hasher = _hasher(settings)

    async def work(session: AsyncSession) -> Document:
        found = await get_organization(session, OrganizationId(organization_id))
        issued = await create_key(
            session,
            hasher,
            system_tenant(found.id),
            name,
            [Permission(each) for each in permissions],
            now=datetime.now(UTC),
            expires_at=expires_at,
        )
        return {**_key(issued.key), "key": issued.token}

    return _on_metadata(settings, work)


def revoked_key(settings: Settings, organization_id: str, key_id: str) -> Document:
    async def work(session: AsyncSession) -> Document:
        tenant = system_tenant(OrganizationId(organization_id))
        return _key(await revoke_key(session, tenant, key_id, datetime.now(UTC)))

    return _on_metadata(settings, work)


def _on_metadata(settings: Settings, work: Callable[[AsyncSession], Awaitable[Result]]) -> Result:
    async def run() -> Result:
        async with _opened(settings) as metadata, metadata.transaction() as session:
            return await work(session)

    with quiet_logs():
        return asyncio.run(run())


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Metadata]:
    _make_folder(settings)
    metadata = Metadata.open(settings.metadata_url)
    try:
        await metadata.migrate()
        yield metadata
    finally:
        await metadata.close()


def _hasher(settings: Settings) -> KeyHasher:
    _make_folder(settings)
    return KeyHasher.from_secret_key(load_secret_key(settings))


def _make_folder(settings: Settings) -> None:
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)


def _organization(organization: Organization) -> Document:
    document: Document = msgspec.to_builtins(organization)
    return document


def _key(key: ApiKey) -> Document:
    document: Document = msgspec.to_builtins(key)
    return {**document, "permissions": sorted(document["permissions"])}
