"""What `deny-list` does on the server's own machine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.allow_list import AllowedNetwork
from trailkeeper.access.deny_list import get_deny_list, record_blocked, unblock
from trailkeeper.access.organizations import get_organization
from trailkeeper.access.trail import operator
from trailkeeper.cli.local import Document, on_metadata
from trailkeeper.event import OrganizationId
from trailkeeper.principal import Tenant, system_tenant
from trailkeeper.settings import Settings


def deny_list(settings: Settings, organization_id: str) -> list[Document]:
    async def work(session: AsyncSession) -> tuple[AllowedNetwork, ...]:
        return await get_deny_list(session, await _tenant(session, organization_id))

    return _documents(on_metadata(settings, work))


def unblocked(
    settings: Settings, organization_id: str, networks: Sequence[str] | None
) -> list[Document]:
    """Takes networks off the list; None takes all."""

    async def work(session: AsyncSession) -> tuple[AllowedNetwork, ...]:
        tenant, now = await _tenant(session, organization_id), datetime.now(UTC)
        listed = [each.network for each in await get_deny_list(session, tenant)]
        gone = listed if networks is None else networks
        if not gone:
            return ()
        change = await unblock(session, tenant, gone, now)
        await record_blocked(session, tenant, operator(), change, now)
        return change.new

    return _documents(on_metadata(settings, work))


async def _tenant(session: AsyncSession, organization_id: str) -> Tenant:
    organization = await get_organization(session, OrganizationId(organization_id))
    return system_tenant(organization.id)


def _documents(entries: Sequence[AllowedNetwork]) -> list[Document]:
    return [msgspec.to_builtins(each) for each in entries]
