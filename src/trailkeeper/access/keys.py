"""API keys: how they are made, kept, listed and revoked.

A key is `tk_<id>_<secret>`. The id finds the row; the secret has 256 random bits, is shown
once, and is kept only as HMAC-SHA256 of the whole key under the service's secret key. A
slow hash would add nothing to 256 random bits, and would throttle capture.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.organization_settings import checked_name
from trailkeeper.access.tables import ApiKeyRow
from trailkeeper.errors import BadRequest, Forbidden, NotFound
from trailkeeper.event import OrganizationId
from trailkeeper.principal import Permission, Principal, Tenant

KEY_START: Final = "tk"
ID_BYTES: Final = 8
SECRET_BYTES: Final = 32
TOKEN: Final = re.compile(
    rf"{KEY_START}_([0-9a-f]{{{ID_BYTES * 2}}})_[0-9a-f]{{{SECRET_BYTES * 2}}}"
)
KEY_ID: Final = re.compile(rf"[0-9a-f]{{{ID_BYTES * 2}}}")
HASH_CONTEXT: Final = b"trailkeeper api key v1"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key without its secret."""

    id: str
    organization: OrganizationId
    name: str
    prefix: str
    permissions: frozenset[Permission]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    last_used_address: str | None


class IssuedKey(NamedTuple):
    """A new key and its token: the only time that the token is known."""

    key: ApiKey
    token: str


@dataclass(frozen=True, slots=True)
class KeyHasher:
    """Turns a token into what is kept of it. The secret is left out of `repr`."""

    secret: bytes = field(repr=False)

    @classmethod
    def from_secret_key(cls, secret_key: str) -> KeyHasher:
        # A key of its own, so that no other use of the secret key can make a valid hash.
        return cls(hmac.digest(secret_key.encode(), HASH_CONTEXT, "sha256"))

    def hash(self, token: str) -> str:
        return hmac.digest(self.secret, token.encode(), "sha256").hex()


async def create_key(
    session: AsyncSession,
    hasher: KeyHasher,
    tenant: Tenant,
    name: str,
    permissions: Collection[Permission],
    *,
    now: datetime,
    maker: Principal | None = None,
    expires_at: datetime | None = None,
) -> IssuedKey:
    """Adds a key. Without `maker`, it is the operator's doing and may have any permission.

    Raises BadRequest (INVALID_NAME, INVALID_PERMISSIONS, INVALID_EXPIRY), or
    Forbidden(PERMISSIONS_TOO_WIDE) where the key could do more than its maker.
    """
    _check_permissions(permissions, maker)
    if expires_at is not None and expires_at <= now:
        raise BadRequest("INVALID_EXPIRY", "The key would have expired.", field="expires_at")
    key_id = secrets.token_hex(ID_BYTES)
    token = f"{KEY_START}_{key_id}_{secrets.token_hex(SECRET_BYTES)}"
    row = ApiKeyRow(
        id=key_id,
        organization=tenant.organization,
        name=checked_name(name),
        prefix=f"{KEY_START}_{key_id}",
        secret_hash=hasher.hash(token),
        permissions=sorted(set(permissions)),
        allow_list=[],
        created_by=maker.actor if maker else None,
        created_at=now,
        expires_at=expires_at,
    )
    session.add(row)
    await session.flush()
    return IssuedKey(to_key(row), token)


async def list_keys(session: AsyncSession, tenant: Tenant) -> list[ApiKey]:
    """All keys of the organization, revoked and expired ones too, the newest first."""
    rows = await session.scalars(
        select(ApiKeyRow)
        .where(tenant.owns(ApiKeyRow.organization))
        .order_by(ApiKeyRow.created_at.desc(), ApiKeyRow.id)
    )
    return [to_key(row) for row in rows]


async def revoke_key(session: AsyncSession, tenant: Tenant, key_id: str, now: datetime) -> ApiKey:
    """Revokes a key for good; a second time changes nothing. Raises NotFound(KEY_NOT_FOUND).

    After the commit, the caller tells its own `KeyRing` to `forget` the key; those of other
    processes notice within `KeyRing.TTL`.
    """
    row: ApiKeyRow | None = None
    if KEY_ID.fullmatch(key_id):
        row = await session.scalar(
            select(ApiKeyRow).where(tenant.owns(ApiKeyRow.organization), ApiKeyRow.id == key_id)
        )
    if row is None:
        raise NotFound("KEY_NOT_FOUND", "There is no such API key.")
    if row.revoked_at is None:
        row.revoked_at = now
        await session.flush()
    return to_key(row)


def key_id_of(token: str) -> str | None:
    """The id in a token, or None where it cannot be a key."""
    match = TOKEN.fullmatch(token)
    return match[1] if match else None


def to_key(row: ApiKeyRow) -> ApiKey:
    """The key of a row. A permission that a newer version knew is left out."""
    return ApiKey(
        id=row.id,
        organization=OrganizationId(row.organization),
        name=row.name,
        prefix=row.prefix,
        permissions=frozenset(Permission(each) for each in row.permissions if each in KNOWN),
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        last_used_at=row.last_used_at,
        last_used_address=row.last_used_address,
    )


KNOWN: Final = frozenset(str(each) for each in Permission)


def _check_permissions(permissions: Collection[Permission], maker: Principal | None) -> None:
    if not permissions:
        raise BadRequest(
            "INVALID_PERMISSIONS",
            "A key needs at least one permission.",
            field="permissions",
            expected=sorted(KNOWN),
        )
    if maker is None:
        return
    wider = sorted(each for each in permissions if not maker.may(each))
    if wider:
        raise Forbidden(
            "PERMISSIONS_TOO_WIDE",
            f"You cannot grant what you may not do yourself: {', '.join(wider)}.",
            field="permissions",
        )
