"""Organizations and keys of their own for tests that share one live server.

They are written straight into the server's metadata database, as `trailkeeper org create`
and `trailkeeper key create` do, so a test need not mind what other tests have recorded.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from tests.live import LiveServer
from trailkeeper.access.keys import KeyHasher, create_key
from trailkeeper.access.organizations import (
    OrganizationChanges,
    create_organization,
    update_organization,
)
from trailkeeper.event import OrganizationId
from trailkeeper.principal import Permission, system_tenant
from trailkeeper.secret import load_secret_key
from trailkeeper.settings import Settings, read_settings
from trailkeeper.store.metadata import Metadata

ALL: frozenset[Permission] = frozenset(Permission)

Result = TypeVar("Result")


def new_organization(
    server: LiveServer, permissions: Collection[Permission] = ALL, **settings: Any
) -> tuple[str, str]:
    """A new organization's id and the token of a key that may do everything, or `permissions`.

    `settings` are fields of OrganizationChanges: time_zone, retention_days, retention_rules,
    redaction. May be called from plain and from async tests.
    """
    organization_id = f"org-{uuid.uuid4().hex[:16]}"

    async def work(session: AsyncSession) -> tuple[str, str]:
        made = await create_organization(
            session,
            organization_id,
            id=organization_id,
            retention_days=90,
            now=datetime.now(UTC),
        )
        changes = msgspec.convert(settings, OrganizationChanges)
        await update_organization(session, made.id, changes)
        return made.id, await _issue(server, session, made.id, permissions)

    return on_metadata(server, work)


def new_key(
    server: LiveServer, organization: str, permissions: Collection[Permission] = ALL
) -> str:
    """The token of one more key of an organization."""

    async def work(session: AsyncSession) -> str:
        return await _issue(server, session, OrganizationId(organization), permissions)

    return on_metadata(server, work)


def change_organization(server: LiveServer, organization: str, **settings: Any) -> None:
    """Changes settings; capture sees it within `capture.profile.REFRESH_SECONDS`."""

    async def work(session: AsyncSession) -> None:
        changes = msgspec.convert(settings, OrganizationChanges)
        await update_organization(session, OrganizationId(organization), changes)

    on_metadata(server, work)


def on_metadata(server: LiveServer, work: Callable[[AsyncSession], Awaitable[Result]]) -> Result:
    """Does `work` in one transaction on the server's metadata database."""

    async def run() -> Result:
        metadata = Metadata.open(_settings(server).metadata_url)
        try:
            async with metadata.transaction() as session:
                return await work(session)
        finally:
            await metadata.close()

    # A loop of its own in a thread of its own: the caller may be running one already.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, run()).result()


async def _issue(
    server: LiveServer,
    session: AsyncSession,
    organization: OrganizationId,
    permissions: Collection[Permission],
) -> str:
    hasher = KeyHasher.from_secret_key(load_secret_key(_settings(server)))
    issued = await create_key(
        session, hasher, system_tenant(organization), "test", permissions, now=datetime.now(UTC)
    )
    return issued.token


def _settings(server: LiveServer) -> Settings:
    return read_settings({"TRAILKEEPER_DATA": str(server.data), **server.settings})
