"""API keys: how they are made, kept and listed. What happens to them later is in `key_changes`.

A key is `tk_<id>_<secret>`. The id finds the row; the secret has 256 random bits, is shown
once, and is kept only as HMAC-SHA256 of the whole key under the service's secret key. A
slow hash would add nothing to 256 random bits, and would throttle capture.

A key belongs to its organization, not to who made it: it goes on working when its maker's
role shrinks, or when they are disabled or deleted.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.networks import checked_networks
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
"""A whole key; group 1 is its id."""
KEY_ID: Final = re.compile(rf"[0-9a-f]{{{ID_BYTES * 2}}}")
HASH_CONTEXT: Final = b"trailkeeper api key v1"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key without its secret.

    `created_by` is the actor who made it (a user's id, `api-key:<id>`), None for the operator.
    `allow_list` holds networks in normal form; empty: from everywhere. `replaced_by` is the
    key that a rotation put in its place, `leaked_at` when it was last found in an event.
    """

    id: str
    organization: OrganizationId
    name: str
    prefix: str
    permissions: frozenset[Permission]
    allow_list: tuple[str, ...]
    created_by: str | None
    replaced_by: str | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    leaked_at: datetime | None
    last_used_at: datetime | None
    last_used_address: str | None

    def is_active(self, now: datetime) -> bool:
        """Neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now)


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
    allow_list: Sequence[str] = (),
) -> IssuedKey:
    """Adds a key. Without `maker`, it is the operator's doing and may have any permission.

    Leaves no trace in the log; `key_changes.issue_key` does. Raises BadRequest (INVALID_NAME,
    INVALID_PERMISSIONS, INVALID_EXPIRY, and as `checked_networks`), or
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
        allow_list=list(checked_networks(allow_list)),
        created_by=maker.actor if maker else None,
        created_at=now,
        expires_at=expires_at,
    )
    session.add(row)
    await session.flush()
    return IssuedKey(to_key(row), token)


async def list_keys(
    session: AsyncSession, tenant: Tenant, *, created_by: str | None = None
) -> list[ApiKey]:
    """All keys of the organization, revoked and expired ones too, the newest first.

    With `created_by`, only those which that actor made.
    """
    statement = select(ApiKeyRow).where(tenant.owns(ApiKeyRow.organization))
    if created_by is not None:
        statement = statement.where(ApiKeyRow.created_by == created_by)
    rows = await session.scalars(statement.order_by(ApiKeyRow.created_at.desc(), ApiKeyRow.id))
    return [to_key(row) for row in rows]


async def get_key(session: AsyncSession, tenant: Tenant, key_id: str) -> ApiKey:
    """Raises NotFound(KEY_NOT_FOUND)."""
    return to_key(await key_row(session, tenant, key_id))


async def key_row(
    session: AsyncSession, tenant: Tenant, key_id: str, *, for_update: bool = False
) -> ApiKeyRow:
    """Raises NotFound(KEY_NOT_FOUND)."""
    row: ApiKeyRow | None = None
    # What cannot be an id is not looked up: PostgreSQL refuses a NUL in any text.
    if KEY_ID.fullmatch(key_id):
        statement = select(ApiKeyRow).where(
            tenant.owns(ApiKeyRow.organization), ApiKeyRow.id == key_id
        )
        row = await session.scalar(statement.with_for_update() if for_update else statement)
    if row is None:
        raise NotFound("KEY_NOT_FOUND", "There is no such API key.")
    return row


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
        allow_list=tuple(row.allow_list),
        created_by=row.created_by,
        replaced_by=row.replaced_by,
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        leaked_at=row.leaked_at,
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
    check_not_wider(permissions, maker)


def check_not_wider(permissions: Collection[Permission], maker: Principal | None) -> None:
    """Raises Forbidden(PERMISSIONS_TOO_WIDE) where the maker may not do all of it themself."""
    wider = sorted(each for each in permissions if maker is not None and not maker.may(each))
    if wider:
        raise Forbidden(
            "PERMISSIONS_TOO_WIDE",
            f"You cannot grant what you may not do yourself: {', '.join(wider)}.",
            field="permissions",
        )
