"""What `org` does on the server's own machine: straight on the metadata database.

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

from trailkeeper.access.organizations import (
    Organization,
    OrganizationChanges,
    create_organization,
    get_organization,
    list_organizations,
)
from trailkeeper.access.settings_changes import change_settings
from trailkeeper.access.trail import operator
from trailkeeper.cli.exits import usage_error
from trailkeeper.cli.quiet import quiet_logs
from trailkeeper.event import OrganizationId
from trailkeeper.principal import system_tenant
from trailkeeper.settings import Settings
from trailkeeper.store.metadata import Metadata

Document = dict[str, Any]
Result = TypeVar("Result")


def organizations(settings: Settings) -> list[Document]:
    async def work(session: AsyncSession) -> list[Document]:
        return [_organization(each) for each in await list_organizations(session)]

    return on_metadata(settings, work)


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

    return on_metadata(settings, work)


def organization(settings: Settings, organization_id: str) -> Document:
    async def work(session: AsyncSession) -> Document:
        return _organization(await get_organization(session, OrganizationId(organization_id)))

    return on_metadata(settings, work)


def changed_organization(
    settings: Settings, organization_id: str, changes: dict[str, Any]
) -> Document:
    """`changes` has the fields of OrganizationChanges. Raises a usage error for others."""
    try:
        wanted = msgspec.convert(changes, OrganizationChanges)
    except msgspec.ValidationError as error:
        raise usage_error("INVALID_CHANGES", str(error)) from None

    async def work(session: AsyncSession) -> Document:
        tenant = system_tenant(OrganizationId(organization_id))
        now = datetime.now(UTC)
        return _organization(await change_settings(session, tenant, operator(), wanted, now))

    return on_metadata(settings, work)


def on_metadata(settings: Settings, work: Callable[[AsyncSession], Awaitable[Result]]) -> Result:
    """Does the work in one transaction; a server that runs on the database need not stop."""

    async def run() -> Result:
        async with _opened(settings) as metadata, metadata.transaction() as session:
            return await work(session)

    with quiet_logs():
        return asyncio.run(run())


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Metadata]:
    make_folder(settings)
    metadata = Metadata.open(settings.metadata_url)
    try:
        await metadata.migrate()
        yield metadata
    finally:
        await metadata.close()


def make_folder(settings: Settings) -> None:
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)


def _organization(organization: Organization) -> Document:
    document: Document = msgspec.to_builtins(organization)
    return document
