"""The key ring: who holds this token? Asked on every request, so answered from memory."""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, or_, select, update

from trailkeeper.access.keys import KeyHasher, key_id_of, to_key
from trailkeeper.access.recent import Recent
from trailkeeper.access.tables import ApiKeyRow
from trailkeeper.errors import Unauthenticated
from trailkeeper.principal import Principal
from trailkeeper.store.metadata import Metadata

NO_HASH: Final = "0" * 64
"""Compared against where there is no key, so that both cases take the same steps."""


@dataclass(frozen=True, slots=True)
class KnownKey:
    """What the ring remembers of a key id; without a principal there is no such key."""

    secret_hash: str
    principal: Principal | None
    expires_at: datetime | None
    revoked_at: datetime | None


class KeyRing:
    """Authenticates tokens against the API keys of all organizations.

    A key revoked elsewhere MUST be refused here within `TTL` seconds, and one that this
    process revoked as soon as `forget` has returned. The tokens themselves are never kept.
    """

    TTL: Final = 5.0

    def __init__(
        self,
        metadata: Metadata,
        secret_key: str,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.hasher = KeyHasher.from_secret_key(secret_key)
        self._metadata = metadata
        self._known = Recent(self._read, seconds=self.TTL, monotonic=monotonic)
        self._used: dict[str, tuple[datetime, str | None]] = {}

    async def authenticate(
        self, token: str | None, now: datetime, address: str | None = None
    ) -> Principal:
        """The principal of a token. `address` is the client's, remembered as last used from.

        Raises Unauthenticated: MISSING_KEY, INVALID_KEY (unknown and wrong alike), and for
        the true holder of the key EXPIRED_KEY or REVOKED_KEY.
        """
        if not token:
            raise Unauthenticated(
                "MISSING_KEY",
                "This needs an API key.",
                hint="Send the header `Authorization: Bearer tk_…`.",
            )
        key_id = key_id_of(token)
        if key_id is None:
            raise _invalid_key()
        key = await self._known.get(key_id)
        is_right = hmac.compare_digest(self.hasher.hash(token), key.secret_hash)
        if not is_right or key.principal is None:
            raise _invalid_key()
        _check_current(key, now)
        self._used[key_id] = (now, address)
        return key.principal

    async def principal_of(self, key_id: str, now: datetime) -> Principal:
        """The principal of a key that something else of ours vouches for.

        Raises Unauthenticated (INVALID_KEY, EXPIRED_KEY, REVOKED_KEY).
        """
        key = await self._known.get(key_id)
        if key.principal is None:
            raise _invalid_key()
        _check_current(key, now)
        return key.principal

    def forget(self, key_id: str) -> None:
        """Drops what is remembered of a key; to be called once its change is committed."""
        self._known.forget(key_id)

    async def flush_last_used(self) -> None:
        """Writes when and from where keys were last used. To be called every 30 s or so.

        Where the write fails, it is kept for the next call and the error is raised.
        """
        used, self._used = self._used, {}
        if not used:
            return
        at = bindparam("at", type_=ApiKeyRow.last_used_at.type)
        statement = (
            update(ApiKeyRow)  # tenant-scope: each key by its id, once authenticated
            .where(
                ApiKeyRow.id == bindparam("key"),
                or_(ApiKeyRow.last_used_at.is_(None), ApiKeyRow.last_used_at < at),
            )
            .values(last_used_at=at, last_used_address=bindparam("address"))
        )
        rows = [{"key": key, "at": at, "address": address} for key, (at, address) in used.items()]
        written = False
        try:
            async with self._metadata.transaction() as session:
                connection = await session.connection()
                await connection.execute(statement, rows)
            written = True
        finally:
            if not written:
                self._used = {**used, **self._used}

    async def _read(self, key_id: str) -> KnownKey:
        async with self._metadata.reading() as session:
            row = await session.scalar(
                select(ApiKeyRow).where(ApiKeyRow.id == key_id)  # tenant-scope: finds whose it is
            )
        if row is None:
            return KnownKey(NO_HASH, None, None, None)
        key = to_key(row)
        principal = Principal(
            key.organization,
            key.id,
            key.name,
            key.permissions,
            allowed_networks=key.allow_list,
        )
        return KnownKey(row.secret_hash, principal, key.expires_at, key.revoked_at)


def _check_current(key: KnownKey, now: datetime) -> None:
    if key.revoked_at is not None:
        raise Unauthenticated("REVOKED_KEY", "This API key was revoked.")
    if key.expires_at is not None and key.expires_at <= now:
        raise Unauthenticated("EXPIRED_KEY", "This API key has expired.")


def _invalid_key() -> Unauthenticated:
    return Unauthenticated(
        "INVALID_KEY",
        "This API key is not valid.",
        hint="Check that it was copied whole; a lost key is replaced, not recovered.",
    )
