"""Passkeys of people: whose they are, what they are called, how far each has counted."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import and_, delete, func, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.organization_settings import checked_name
from trailkeeper.access.signin.tables import PasskeyRow
from trailkeeper.access.signin.webauthn_ceremony import Assertion, CredentialHint, NewCredential
from trailkeeper.errors import Conflict, NotFound
from trailkeeper.store.base import by_id, insert_into

MAX_PASSKEYS: Final = 20
PASSKEY_ID_BYTES: Final = 8


@dataclass(frozen=True, slots=True)
class Passkey:
    """A credential of a person. `credential_id` and `public_key` are base64url text."""

    id: str
    person: str
    credential_id: str
    public_key: str
    sign_count: int
    transports: tuple[str, ...]
    is_backed_up: bool
    name: str
    created_at: datetime
    last_used_at: datetime | None

    @property
    def hint(self) -> CredentialHint:
        return CredentialHint(self.credential_id, self.transports)


async def add_passkey(
    session: AsyncSession, person_id: str, name: str, credential: NewCredential, now: datetime
) -> Passkey:
    """Raises BadRequest(INVALID_NAME), Conflict (PASSKEY_EXISTS, TOO_MANY_PASSKEYS)."""
    count = await session.scalar(
        select(func.count()).select_from(PasskeyRow).where(PasskeyRow.person == person_id)
    )
    if (count or 0) >= MAX_PASSKEYS:
        raise Conflict(
            "TOO_MANY_PASSKEYS",
            f"An account has at most {MAX_PASSKEYS} passkeys.",
            hint="Remove one that is not in use.",
        )
    row = await session.scalar(
        insert_into(session, PasskeyRow)
        .values(
            id=secrets.token_hex(PASSKEY_ID_BYTES),
            person=person_id,
            credential_id=credential.credential_id,
            public_key=credential.public_key,
            sign_count=credential.sign_count,
            transports=list(credential.transports),
            is_backed_up=credential.is_backed_up,
            name=checked_name(name),
            created_at=now,
        )
        .on_conflict_do_nothing()
        .returning(PasskeyRow)
    )
    if row is None:
        raise Conflict("PASSKEY_EXISTS", "This passkey is registered already.")
    return _to_passkey(row)


async def passkeys_of(session: AsyncSession, person_id: str) -> list[Passkey]:
    """A person's passkeys, the oldest first."""
    rows = await session.scalars(
        select(PasskeyRow)
        .where(PasskeyRow.person == person_id)
        .order_by(PasskeyRow.created_at, PasskeyRow.id)
    )
    return [_to_passkey(row) for row in rows]


async def find_passkey(session: AsyncSession, credential_id: str) -> Passkey | None:
    """Whose credential is it? Asked at sign-in."""
    row = await session.scalar(select(PasskeyRow).where(PasskeyRow.credential_id == credential_id))
    return _to_passkey(row) if row is not None else None


async def rename_passkey(
    session: AsyncSession, person_id: str, passkey_id: str, name: str
) -> tuple[Passkey, Passkey]:
    """As it was and as it is. Raises NotFound(PASSKEY_NOT_FOUND), BadRequest(INVALID_NAME)."""
    row = await _own_row(session, person_id, passkey_id)
    before = _to_passkey(row)
    row.name = checked_name(name)
    await session.flush()
    return before, _to_passkey(row)


async def remove_passkey(session: AsyncSession, person_id: str, passkey_id: str) -> Passkey:
    """Raises NotFound(PASSKEY_NOT_FOUND)."""
    row = await _own_row(session, person_id, passkey_id)
    passkey = _to_passkey(row)
    await session.delete(row)
    await session.flush()
    return passkey


async def remove_all_passkeys(session: AsyncSession, person_id: str) -> Sequence[str]:
    """Returns the ids of those that were there."""
    return (
        await session.scalars(
            delete(PasskeyRow).where(PasskeyRow.person == person_id).returning(PasskeyRow.id)
        )
    ).all()


async def note_use(
    session: AsyncSession, passkey: Passkey, assertion: Assertion, now: datetime
) -> bool:
    """Keeps how far the authenticator has counted. False: not further than before.

    Then there are two of it, or one answer came twice (WebAuthn Level 2, 6.1.1). One that does
    not count says 0 each time. The comparison is part of the UPDATE, for those who race.
    """
    used = await session.scalar(
        update(PasskeyRow)
        .where(
            PasskeyRow.id == passkey.id,
            or_(
                PasskeyRow.sign_count < assertion.sign_count,
                and_(PasskeyRow.sign_count == 0, literal(assertion.sign_count) == 0),
            ),
        )
        .values(
            sign_count=assertion.sign_count,
            is_backed_up=assertion.is_backed_up,
            last_used_at=now,
        )
        .returning(PasskeyRow.id)
    )
    return used is not None


async def _own_row(session: AsyncSession, person_id: str, passkey_id: str) -> PasskeyRow:
    rows = select(PasskeyRow).where(PasskeyRow.person == person_id)
    row = await by_id(session, rows, PasskeyRow.id, passkey_id)
    if row is None:
        raise NotFound("PASSKEY_NOT_FOUND", "There is no such passkey.")
    return row


def _to_passkey(row: PasskeyRow) -> Passkey:
    return Passkey(
        id=row.id,
        person=row.person,
        credential_id=row.credential_id,
        public_key=row.public_key,
        sign_count=row.sign_count,
        transports=tuple(row.transports),
        is_backed_up=row.is_backed_up,
        name=row.name,
        created_at=row.created_at,
        last_used_at=row.last_used_at,
    )
