"""What `deny-list` does on the server's own machine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.allow_list import AllowedNetwork
from trailkeeper.access.deny_list import get_deny_list, record_blocked, unblock
from trailkeeper.access.trail import operator
from trailkeeper.cli.local import Document, on_metadata
from trailkeeper.cli.local_keys import documents, tenant_of
from trailkeeper.settings import Settings


def deny_list(settings: Settings, organization_id: str) -> list[Document]:
    async def work(session: AsyncSession) -> tuple[AllowedNetwork, ...]:
        return await get_deny_list(session, await tenant_of(session, organization_id))

    return documents(on_metadata(settings, work))


def unblocked(
    settings: Settings, organization_id: str, networks: Sequence[str] | None
) -> list[Document]:
    """Takes networks off the list; None takes all."""

    async def work(session: AsyncSession) -> tuple[AllowedNetwork, ...]:
        tenant, now = await tenant_of(session, organization_id), datetime.now(UTC)
        listed = [each.network for each in await get_deny_list(session, tenant)]
        gone = listed if networks is None else networks
        if not gone:
            return ()
        change = await unblock(session, tenant, gone, now)
        await record_blocked(session, tenant, operator(), change, now)
        return change.new

    return documents(on_metadata(settings, work))
