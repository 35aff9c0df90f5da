"""What happens to API keys: issued, changed, rotated, revoked, each on the record.

Every change writes its event in the same transaction. After the commit, the caller tells its
own `KeyRing` to `forget` the key; those of other processes notice within `KeyRing.TTL`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec import UNSET, UnsetType
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.keys import (
    ApiKey,
    IssuedKey,
    KeyHasher,
    check_not_wider,
    create_key,
    key_row,
    to_key,
)
from trailkeeper.access.networks import checked_networks
from trailkeeper.access.organization_settings import checked_name
from trailkeeper.access.people.editor import Editor
from trailkeeper.access.trail import record
from trailkeeper.errors import BadRequest, Conflict
from trailkeeper.principal import Permission, Tenant

API_KEY: Final = "API_KEY"
MAX_OVERLAP: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class KeyPlan:
    """What a new key shall be."""

    name: str
    permissions: Collection[Permission]
    expires_at: datetime | None = None
    allow_list: Sequence[str] = ()


async def issue_key(
    session: AsyncSession,
    hasher: KeyHasher,
    tenant: Tenant,
    editor: Editor,
    plan: KeyPlan,
    now: datetime,
) -> IssuedKey:
    """Makes a key. Raises what `create_key` raises."""
    issued = await _create(session, hasher, tenant, editor, plan, now)
    await _record_created(session, tenant, editor, issued.key, now)
    return issued


async def change_key(
    session: AsyncSession,
    tenant: Tenant,
    editor: Editor,
    key_id: str,
    now: datetime,
    *,
    name: str | UnsetType = UNSET,
    allow_list: Sequence[str] | UnsetType = UNSET,
) -> ApiKey:
    """Changes what is given. Raises NotFound(KEY_NOT_FOUND), Conflict(KEY_NOT_ACTIVE),
    BadRequest naming the field, or Forbidden(PERMISSIONS_TOO_WIDE) for an editor who may do
    less than the key: its allow-list may be what keeps a copy of it from being used.
    """
    row = await key_row(session, tenant, key_id, for_update=True)
    old = to_key(row)
    check_not_wider(old.permissions, editor.principal)
    _check_active(old, now)
    if name is not UNSET:
        row.name = checked_name(name)
    if allow_list is not UNSET:
        row.allow_list = list(checked_networks(allow_list))
    new = to_key(row)
    if new == old:
        return old
    await session.flush()
    await record(
        session,
        tenant,
        editor.requester,
        "UPDATE",
        now=now,
        resource_type=API_KEY,
        resource_id=new.id,
        resource_name=new.name,
        changes={
            "name": (old.name, new.name),
            "allow_list": (list(old.allow_list), list(new.allow_list)),
        },
    )
    return new


async def rotate_key(
    session: AsyncSession,
    hasher: KeyHasher,
    tenant: Tenant,
    editor: Editor,
    key_id: str,
    now: datetime,
    *,
    overlap: timedelta,
    expires_at: datetime | None = None,
) -> IssuedKey:
    """A new key with the name, permissions and allow-list of an old one, which works for
    `overlap` more and then no longer.

    Without `expires_at` the new key lives as long as the old one was meant to. Raises
    NotFound(KEY_NOT_FOUND), Conflict (KEY_NOT_ACTIVE, KEY_REPLACED where it was rotated
    before), BadRequest(INVALID_OVERLAP, INVALID_EXPIRY), or Forbidden(PERMISSIONS_TOO_WIDE).
    """
    if not timedelta() <= overlap <= MAX_OVERLAP:
        raise BadRequest(
            "INVALID_OVERLAP",
            f"The overlap is 0 to {MAX_OVERLAP // timedelta(hours=1)} hours.",
            field="overlap_hours",
        )
    row = await key_row(session, tenant, key_id, for_update=True)
    old = to_key(row)
    check_not_wider(old.permissions, editor.principal)
    _check_active(old, now)
    if old.replaced_by is not None:
        raise Conflict(
            "KEY_REPLACED",
            f"This key was rotated already; {old.replaced_by} is in its place.",
            hint="Rotate that one.",
        )
    if expires_at is None and old.expires_at is not None:
        expires_at = now + (old.expires_at - old.created_at)
    plan = KeyPlan(old.name, old.permissions, expires_at, old.allow_list)
    issued = await _create(session, hasher, tenant, editor, plan, now)
    row.replaced_by = issued.key.id
    row.expires_at = min(now + overlap, old.expires_at or now + overlap)
    await session.flush()
    await _record_created(session, tenant, editor, issued.key, now, replaces=old.id)
    await _record_rotated(session, tenant, editor, (old, to_key(row)), now)
    return issued


async def revoke_key(
    session: AsyncSession, tenant: Tenant, editor: Editor, key_id: str, now: datetime
) -> ApiKey:
    """Revokes a key for good; a second time changes nothing. Raises NotFound(KEY_NOT_FOUND).

    Who may manage keys may revoke each of them, also one that may do more than they.
    """
    row = await key_row(session, tenant, key_id, for_update=True)
    if row.revoked_at is not None:
        return to_key(row)
    row.revoked_at = now
    await session.flush()
    await record(
        session,
        tenant,
        editor.requester,
        "REVOKE",
        now=now,
        resource_type=API_KEY,
        resource_id=row.id,
        resource_name=row.name,
        changes={"revoked_at": (None, now.isoformat())},
    )
    return to_key(row)


async def _create(
    session: AsyncSession,
    hasher: KeyHasher,
    tenant: Tenant,
    editor: Editor,
    plan: KeyPlan,
    now: datetime,
) -> IssuedKey:
    return await create_key(
        session,
        hasher,
        tenant,
        plan.name,
        plan.permissions,
        now=now,
        maker=editor.principal,
        expires_at=plan.expires_at,
        allow_list=plan.allow_list,
    )


async def _record_created(
    session: AsyncSession,
    tenant: Tenant,
    editor: Editor,
    key: ApiKey,
    now: datetime,
    *,
    replaces: str | None = None,
) -> None:
    details: dict[str, Any] = {
        "permissions": sorted(key.permissions),
        "expires_at": _shown(key.expires_at),
        "allow_list": list(key.allow_list),
    }
    if replaces is not None:
        details["replaces"] = replaces
    await record(
        session,
        tenant,
        editor.requester,
        "CREATE",
        now=now,
        resource_type=API_KEY,
        resource_id=key.id,
        resource_name=key.name,
        details=details,
    )


async def _record_rotated(
    session: AsyncSession,
    tenant: Tenant,
    editor: Editor,
    change: tuple[ApiKey, ApiKey],
    now: datetime,
) -> None:
    old, new = change
    await record(
        session,
        tenant,
        editor.requester,
        "ROTATE",
        now=now,
        resource_type=API_KEY,
        resource_id=old.id,
        resource_name=old.name,
        changes={
            "expires_at": (_shown(old.expires_at), _shown(new.expires_at)),
            "replaced_by": (old.replaced_by, new.replaced_by),
        },
    )


def _check_active(key: ApiKey, now: datetime) -> None:
    if not key.is_active(now):
        state = "was revoked" if key.revoked_at is not None else "has expired"
        raise Conflict("KEY_NOT_ACTIVE", f"This key {state}.", hint="Create a new one.")


def _shown(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None
