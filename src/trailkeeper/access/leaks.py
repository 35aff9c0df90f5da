"""API keys that were found in events: reported to the organization whose keys they are.

Whoever can read a log, a ticket or a message can use a key that stands in it. A key found in
an event is therefore put on the record of its own organization, and mailed to whoever can
replace it. It is not revoked: that would let anyone who finds it stop what it is for.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

import structlog
from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.key_changes import API_KEY
from trailkeeper.access.keys import KeyHasher, key_id_of, key_row, to_key
from trailkeeper.access.organizations import get_organization
from trailkeeper.access.people.members import MemberStatus
from trailkeeper.access.people.tables import MemberRow
from trailkeeper.access.roles import BuiltInRole
from trailkeeper.access.tables import ApiKeyRow
from trailkeeper.access.trail import Requester, record
from trailkeeper.outbound.errors import OutboundRefused
from trailkeeper.outbound.jobs import mail_later
from trailkeeper.outbound.links import link_to
from trailkeeper.outbound.templates import KeyFound, Occurrence, key_found_mail
from trailkeeper.principal import Tenant, system_tenant
from trailkeeper.store.metadata import Metadata

LEAK_DETECTED: Final = "LEAK_DETECTED"
KEYS_PAGE: Final = "/settings/keys"
QUIET: Final = timedelta(hours=24)
"""A sender that has a key in each of its events is one report a day."""
LOOKUP: Final = 500

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Sighting:
    """Text in the shape of a key, in an event that is committed. `path` tells where in it."""

    token: str = field(repr=False)
    path: str
    tenant: Tenant
    event_id: str
    action: str
    sent_by: str


@dataclass(frozen=True, slots=True)
class LeakReports:
    """Tells true keys from text of their shape, and reports them."""

    metadata: Metadata
    hasher: KeyHasher
    public_url: str
    clock: Callable[[], datetime]

    async def report(self, sightings: Iterable[Sighting]) -> list[str]:
        """Reports each key once in `QUIET`, on the record of its organization and by mail.

        What is no key of this service is passed over. Returns the ids of the keys that were
        reported. Raises Unavailable where a report could not be written: the sender then
        tries again, and so does this.
        """
        by_token: dict[str, list[Sighting]] = {}
        for sighting in sightings:
            by_token.setdefault(sighting.token, []).append(sighting)
        reported = []
        for tokens in _batched(by_token):
            for key_id, tenant, token in await self._true_keys(tokens):
                if await self._report_one(tenant, key_id, by_token[token]):
                    reported.append(key_id)
        return reported

    async def _true_keys(self, tokens: Sequence[str]) -> list[tuple[str, Tenant, str]]:
        """Those tokens that are keys of this service and not reported lately."""
        by_id: dict[str, list[str]] = {}
        for token in tokens:
            by_id.setdefault(key_id_of(token) or "", []).append(token)
        columns = (ApiKeyRow.id, ApiKeyRow.organization, ApiKeyRow.secret_hash)
        async with self.metadata.reading() as session:
            rows = await session.execute(
                select(*columns).where(  # tenant-scope: finds out whose keys they are
                    ApiKeyRow.id.in_(sorted(by_id)), _is_due(self.clock())
                )
            )
            found = rows.all()
        return [
            (row.id, system_tenant(row.organization), token)
            for row in found
            for token in by_id[row.id]
            if hmac.compare_digest(self.hasher.hash(token), row.secret_hash)
        ]

    async def _report_one(self, tenant: Tenant, key_id: str, sightings: Sequence[Sighting]) -> bool:
        now = self.clock()
        async with self.metadata.transaction() as session:
            # Of two who found it at the same time, one reports.
            claimed = await session.scalar(
                update(ApiKeyRow)
                .where(tenant.owns(ApiKeyRow.organization), ApiKeyRow.id == key_id, _is_due(now))
                .values(leaked_at=now)
                .returning(ApiKeyRow.id)
            )
            if claimed is None:
                return False
            await self._tell(session, tenant, key_id, sightings, now)
        log.warning(
            "an API key was found in an event", key=key_id, organization=tenant.organization
        )
        return True

    async def _tell(
        self,
        session: AsyncSession,
        tenant: Tenant,
        key_id: str,
        sightings: Sequence[Sighting],
        now: datetime,
    ) -> None:
        key = to_key(await key_row(session, tenant, key_id))
        first = sightings[0]
        await record(
            session,
            tenant,
            Requester(),
            LEAK_DETECTED,
            now=now,
            resource_type=API_KEY,
            resource_id=key.id,
            resource_name=key.name,
            details={**_where(tenant, sightings), "still_valid": key.is_active(now)},
        )
        if not key.is_active(now):
            return
        organization = await get_organization(session, tenant.organization)
        is_own = first.tenant == tenant
        for address in await _who_can_replace(session, tenant, key.created_by):
            found = KeyFound(
                to=address,
                organization=organization.name,
                key_name=key.name,
                key_prefix=key.prefix,
                event_id=first.event_id if is_own else "",
                action=first.action if is_own else "",
                sent_by=first.sent_by if is_own else "",
                link=link_to(self.public_url, KEYS_PAGE),
                occurrence=Occurrence(now),
            )
            await _mail(session, tenant, found, now)


async def _mail(session: AsyncSession, tenant: Tenant, found: KeyFound, now: datetime) -> None:
    try:
        await mail_later(session, key_found_mail(found), now=now, organization=tenant.organization)
    except OutboundRefused as error:
        # The others still are told, and the record has it.
        log.warning("a leaked key cannot be mailed to a member", error=error.detail)


def _where(tenant: Tenant, sightings: Sequence[Sighting]) -> dict[str, Any]:
    """What the key's organization may know: of another one's event, only that it was one."""
    first = sightings[0]
    if first.tenant != tenant:
        return {"in_another_organization": True}
    return {
        "fields": sorted({each.path for each in sightings if each.event_id == first.event_id}),
        "event_id": first.event_id,
        "event_action": first.action,
        "sent_by": first.sent_by,
    }


async def _who_can_replace(
    session: AsyncSession, tenant: Tenant, created_by: str | None
) -> list[str]:
    rows = await session.scalars(
        select(MemberRow.email).where(
            tenant.owns(MemberRow.organization),
            MemberRow.status == MemberStatus.ACTIVE,
            or_(MemberRow.role == BuiltInRole.SUPER_ADMIN, MemberRow.user_id == created_by),
        )
    )
    return sorted({email for email in rows if email})


def _is_due(now: datetime) -> Any:
    return or_(ApiKeyRow.leaked_at.is_(None), ApiKeyRow.leaked_at <= now - QUIET)


def _batched(tokens: Iterable[str]) -> Iterator[list[str]]:
    remaining = iter(tokens)
    while batch := list(islice(remaining, LOOKUP)):
        yield batch
