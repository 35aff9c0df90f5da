"""`Idempotency-Key`: the same request sent again within a day names the same events.

The key, a fingerprint of the body and the time of first use are written before the events
are. A retry, also after a crash in between, derives the same event ids and so meets the
duplicate check; nothing else has to be remembered.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from trailkeeper.capture.place import MAX_KEY_LENGTH
from trailkeeper.capture.tables import IdempotencyKeyRow
from trailkeeper.errors import BadRequest, Conflict
from trailkeeper.principal import Tenant
from trailkeeper.store.metadata import Metadata

KEY_LIFETIME: Final = timedelta(hours=24)


async def first_use(
    metadata: Metadata, tenant: Tenant, key: str, body: bytes, now: datetime
) -> datetime:
    """When this key was first used with this body; `now` for a new or expired one.

    Raises Conflict(IDEMPOTENCY_KEY_REUSED) where it was used with another body.
    """
    if not 1 <= len(key) <= MAX_KEY_LENGTH or not key.isprintable():
        raise BadRequest(
            "INVALID_IDEMPOTENCY_KEY",
            f"An Idempotency-Key has 1 to {MAX_KEY_LENGTH} printable characters.",
            field="Idempotency-Key",
        )
    fingerprint = hashlib.sha256(body).hexdigest()
    try:
        return await _first_use(metadata, tenant, key, fingerprint, now)
    except IntegrityError:
        # The same key arrived twice at once and the other request wrote it first.
        return await _first_use(metadata, tenant, key, fingerprint, now)


async def _first_use(
    metadata: Metadata, tenant: Tenant, key: str, fingerprint: str, now: datetime
) -> datetime:
    async with metadata.transaction() as session:
        used = await session.scalar(
            select(IdempotencyKeyRow).where(
                tenant.owns(IdempotencyKeyRow.organization), IdempotencyKeyRow.key == key
            )
        )
        if used is not None and now - used.created_at < KEY_LIFETIME:
            if used.fingerprint != fingerprint:
                raise Conflict(
                    "IDEMPOTENCY_KEY_REUSED",
                    "This Idempotency-Key was used with another body in the last 24 hours.",
                    hint="Use a new key for a new request.",
                    field="Idempotency-Key",
                )
            return used.created_at
        if used is not None:
            # As a statement: another request may have replaced the expired key meanwhile.
            await session.execute(
                delete(IdempotencyKeyRow).where(
                    tenant.owns(IdempotencyKeyRow.organization),
                    IdempotencyKeyRow.key == key,
                    IdempotencyKeyRow.created_at == used.created_at,
                )
            )
            session.expunge(used)
        session.add(
            IdempotencyKeyRow(
                organization=tenant.organization, key=key, fingerprint=fingerprint, created_at=now
            )
        )
    return now


async def forget_expired_keys(metadata: Metadata, now: datetime) -> None:
    """Removes keys past their lifetime."""
    async with metadata.transaction() as session:
        # tenant-scope: housekeeping over all organizations
        await session.execute(
            delete(IdempotencyKeyRow).where(IdempotencyKeyRow.created_at < now - KEY_LIFETIME)
        )
